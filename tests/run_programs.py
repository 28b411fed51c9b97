#!/usr/bin/env python3
"""Runs test programs and adds up the `N passed, N failed` lines that they print.

    run_programs.py --unit BUILD           the programs that the build folder's meson.build files declare with test()
    run_programs.py --scripts FILE...      scripts: Python files, and whatever else can be executed
      --program FILE                       the dangbo that scripts test (DANGBO)
      --postgres DSN                       on PostgreSQL (DANGBO_TEST_DB); given twice, two programs run side by side,
                                           each on a server of its own. Of the unit tests only those that link libpq run.
    run_programs.py --self-test            whether this script notices what it must

A program that prints no such line, ends with another status than 0, does not end, or in which a sanitizer finds
something counts as one failure more.
Status 77 is a skipped program: its last line says why. Lines beginning `skipped` are shown in any case."""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
SLOWEST = 900  # seconds that one program may take, at least; sanitizers make everything slower


# What a sanitizer says of itself, not of the program: a process that is killed while it looks for leaks leaves such a line.
OF_ITSELF = re.compile(r"(==\d+==(Unable to get registers from thread \d+\.|Could not attach to thread \d+.*|Failed spawning a tracer thread.*))?\s*")

running, places = set(), set()


def stop(*_):
    """What it started ends with it."""
    for child in list(running):
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
    for place in list(places):
        shutil.rmtree(place, ignore_errors=True)
    os._exit(143)


class Program:
    def __init__(self, name, command, env=None, cwd=None, limit=0, alone=False):
        self.name, self.command, self.env, self.cwd = name, command, env or {}, cwd or ROOT
        self.limit, self.alone = limit or SLOWEST, alone


def needs_postgres(command):
    """Whether a test program links libpq; scripts may."""
    with open(command[0], "rb") as f:
        if f.read(4) != b"\x7fELF":
            return True
    needed = subprocess.run(["readelf", "-dW", command[0]], capture_output=True, text=True).stdout
    return "libpq.so" in needed


def unit_tests(build, postgres):
    told = subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout
    for t in json.loads(told):
        command = [str(Path(build, t["cmd"][0]).resolve()) if "/" in t["cmd"][0] else shutil.which(t["cmd"][0]), *t["cmd"][1:]]
        if not postgres or needs_postgres(command):
            yield Program(t["name"], command, t["env"], t["workdir"], max((t["timeout"] or 0) * 10, SLOWEST), not t["is_parallel"])


def scripts(files):
    for name in files:
        path = Path(name).resolve()
        command = [sys.executable, "-B", str(path)] if path.suffix == ".py" else [str(path)]
        yield Program(os.path.relpath(path, ROOT), command)


def run(program, slots, settings):
    """(passed, failed, lines to show) of one program."""
    slot = slots.get()
    env = {**os.environ, **program.env, **settings}
    env.pop("DANGBO_TEST_DB", None)
    if slot:
        env["DANGBO_TEST_DB"] = slot
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dangbo-test-") as scratch, tempfile.TemporaryFile() as log:
        places.add(scratch)
        env["TMPDIR"] = scratch
        # A finding counts even when whoever started the process does not look at its status.
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            env[name] = f"{env.get(name, '')}:log_path={scratch}/sanitizer"
        child = subprocess.Popen(program.command, cwd=program.cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 start_new_session=True)
        running.add(child.pid)
        try:
            status = child.wait(program.limit)
        except subprocess.TimeoutExpired:
            status = None
        try:  # whatever it left running ends with it
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        running.discard(child.pid)
        log.seek(0)
        output = log.read().decode("utf-8", "replace")
        findings = [f.read_text(errors="replace") for f in sorted(Path(scratch).glob("sanitizer.*"))]
        findings = [f for f in findings if not all(OF_ITSELF.fullmatch(line) for line in f.split("\n"))]
    places.discard(scratch)
    slots.put(slot)
    return judge(program, status, output, findings, time.monotonic() - started)


def judge(program, status, output, findings, seconds):
    lines = output.rstrip().split("\n")
    shown = [f"skipped: {program.name}: {line}" for line in lines if line.lower().startswith("skipped")]
    if status == 77 and not findings:
        return 0, 0, [f"skipped: {program.name}: {lines[-1]}"]
    counts = re.findall(r"\b(\d+) passed, (\d+) failed", output)
    passed, wrong = map(int, counts[-1]) if counts else (0, 0)
    why = None
    if status is None:
        why = f"did not end within {program.limit} seconds"
    elif not counts:
        why = f"printed no `N passed, N failed` (status {status})"
    elif status and not wrong:
        why = f"ended with status {status}"
    if not findings and re.search(r"^\S+:\d+:\d+: runtime error: |^=+\d+=+ERROR: \w+Sanitizer", output, re.M):
        findings = ["(above)"]
    if findings:
        why = "a sanitizer found something"
        lines += "\n".join(findings).split("\n")
    if why:
        wrong += 1
    if wrong:
        shown += [f"--- FAILED {program.name}: {why or f'{wrong} failed'}", *lines[-60:], f"--- end of {program.name}"]
    shown.append(f"{program.name}: {passed} passed, {wrong} failed, {seconds:.1f} s")
    return passed, wrong, shown


def self_test():
    cases = [  # what a program does, and what is to be counted
        ("echo 3 passed, 0 failed", 3, 0), ("echo 3 passed, 2 failed; exit 1", 3, 2), ("echo 3 passed, 2 failed", 3, 2),
        ("echo 3 passed, 0 failed; exit 1", 3, 1), ("echo 3 passed, 0 failed; kill -SEGV $$", 3, 1), ("true", 0, 1),
        ("echo a.c:1:2: runtime error: x; echo 1 passed, 0 failed", 1, 1), ("echo no network; exit 77", 0, 0), ("echo 1 passed, 0 failed; sleep 60", 1, 1),
        ('test "$DANGBO_TEST_DB" = one && echo 1 passed, 0 failed', 1, 0), ('echo found >"${ASAN_OPTIONS##*log_path=}.1"; echo 1 passed, 0 failed', 1, 1),
        ("read x || echo 1 passed, 0 failed", 1, 0),
        ('echo "==7==Unable to get registers from thread 8." >"${ASAN_OPTIONS##*log_path=}.1"; echo 1 passed, 0 failed', 1, 0),
        ('printf "==7==Unable to get registers from thread 8.\\n==7==ERROR: LeakSanitizer: x\\n" >"${ASAN_OPTIONS##*log_path=}.1"; echo 1 passed, 0 failed', 1, 1),
        ("echo 1 passed, 1 failed; echo 5 passed, 0 failed", 5, 0), ('test -d "$TMPDIR" && echo 1 passed, 0 failed', 1, 0),
    ]
    wrong = 0
    slots = Queue()
    slots.put("one")
    for command, passed, failed in cases:
        limit = 1 if "sleep" in command else 60
        found = run(Program("case", ["sh", "-c", command], limit=limit), slots, {})
        if found[:2] != (passed, failed):
            wrong += 1
            print(f"FAILED {command}: {found}")
    print(f"{len(cases) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


def main():
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unit")
    parser.add_argument("--scripts", nargs="*", default=[])
    parser.add_argument("--program")
    parser.add_argument("--postgres", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()

    programs = list(unit_tests(args.unit, bool(args.postgres))) if args.unit else []
    programs += scripts(args.scripts)
    slots = Queue()
    for slot in args.postgres or [None] * args.jobs:
        slots.put(slot)
    settings = {"DANGBO": str(Path(args.program).resolve())} if args.program else {}

    passed = wrong = 0
    for alone in (False, True):
        with ThreadPoolExecutor(1 if alone else slots.qsize()) as pool:
            chosen = [p for p in programs if p.alone == alone]
            for ok, bad, shown in pool.map(lambda p: run(p, slots, settings), chosen):
                passed, wrong = passed + ok, wrong + bad
                print("\n".join(shown), flush=True)
    if not programs and not args.postgres:
        wrong = 1
        print("FAILED: there are no such programs")
    elif not programs:
        print("skipped: no program here uses PostgreSQL")
    print(f"{passed} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
