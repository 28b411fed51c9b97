#!/usr/bin/env python3
"""dangbo demo: every file of demo/ comes in through the import, and the program counts what the articles say."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("DANGBO", str(ROOT / "build/dangbo"))
MEMBERS = [("HH", "2018-08-05", 221), ("YS", "2019-01-15", 9141), ("HL", "2019-01-10", 430), ("NT", "2023-09-18", 3150), ("HH", "2026-01-01", 221)]
passed, failed = 0, 0


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(what)


def dangbo(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, env=dict(os.environ, LANG="en_US.UTF-8", DANGBO_DATA="", DANGBO_DB=""))


def listed(data, kind, *words):
    done = dangbo("--data", data, kind, "list", *words, "--json", "--limit", "10000")
    check(done.returncode == 0, f"{kind} list {words}: {done.stderr}")
    return json.loads(done.stdout or "[]")


def main():
    with tempfile.TemporaryDirectory() as folder:
        data = folder + "/demo"
        made = dangbo("demo", data)
        check(made.returncode == 0, f"demo: {made.stderr}")
        for unit, day, total in MEMBERS:
            for kind in ("person", "membership"):
                got = len(listed(data, kind, "--unit", unit, "--at", day))
                check(got == total, f"{kind} of {unit} on {day}: {got}, not {total}")
        for unit, day, level, total in (("HH", "2018-08-05", "below_base", 20), ("YS", "2019-01-15", "base", 55), ("HL", "2019-01-10", "below_base", 11)):
            got = sum(u["level"] == level and u["superior"] == unit for u in listed(data, "unit", "--unit", unit, "--at", day))
            check(got == total, f"units directly under {unit}: {got}, not {total}")
        admitted = sum(m["began"] == "admitted" and "2015-07-01" <= m["since"] <= "2017-12-31" for m in listed(data, "membership", "--unit", "YS.CS"))
        check(admitted == 30, f"admitted in Chân Sơn: {admitted}, not 30")
        heard = dangbo("--data", data, "check")
        check(heard.returncode == 0, f"check: {heard.stdout} {heard.stderr}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
