"""Processes that are killed: what was acknowledged is there once, what was not is there whole or not at all."""
import os
import random
import shutil
import subprocess
import threading
import time
from pathlib import Path

from _faults import ENGINE, ROOT, Journal, Store, check, dangbo, fresh_world, register, run_tests, same, start, test

SEED = int(os.environ.get("DANGBO_SEED") or time.time())
KILLS = int(os.environ.get("DANGBO_KILLS") or 100)
print(f"seed {SEED} (DANGBO_SEED), {KILLS} kills (DANGBO_KILLS)")
AGAIN = (75, 69, -9)  # busy, a server that is away, killed: try again


def took(store, *args):
    started = time.monotonic()
    store(*args)
    return time.monotonic() - started


class Writer(threading.Thread):
    """Adds members one after the other, each until it is acknowledged or known to be there, and kills some of its own."""

    def __init__(self, store, name, kills, usual):
        super().__init__()
        self.store, self.name_, self.kills, self.usual = store, name, kills, usual
        self.random = random.Random(f"{SEED} {name}")
        self.journal, self.unknown, self.odd, self.killed = Journal(), [], [], 0

    def run(self):
        i = 0
        while self.killed < self.kills and not self.odd:
            i += 1
            code = f"{self.name_}{i}"
            if self.write(code) == 0:
                self.journal.acknowledged(code)
            else:
                self.unknown.append(code)

    def write(self, code):
        """The exit code that settles it: 0, or -9 when it was killed and nobody knows."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            child = start(self.store, "person", "add", "--code", code, "--name", f"Nguyễn Văn {code}", "--cell", "A", "--admitted-on", "19/05/2020")
            if self.random.random() < 0.6:
                try:
                    child.wait(self.random.uniform(0.3, 1.3) * self.usual)
                except subprocess.TimeoutExpired:
                    child.kill()
                    self.killed += 1
            told = child.communicate()[1].decode()
            if child.returncode == 0:
                return 0
            if child.returncode == -9:
                return -9
            if child.returncode not in AGAIN:
                self.odd.append((code, child.returncode, told))
                return child.returncode
            time.sleep(self.random.uniform(0, 2 * self.usual))
        self.odd.append((code, "no answer in a minute", ""))
        return 1


def stored(store):
    counted = {}
    for p in store.json("person", "list", "--limit", "10000"):
        counted[p["code"]] = counted.get(p["code"], 0) + 1
    return counted


def compare(store, writers):
    there = stored(store)
    acknowledged = [c for w in writers for c in w.journal.codes]
    unknown = {c for w in writers for c in w.unknown}
    same([w.odd for w in writers], [[] for _ in writers], "no writer met another error")
    same([c for c in acknowledged if there.get(c) != 1], [], f"each of {len(acknowledged)} acknowledged writes is there once")
    same([c for c, n in there.items() if n != 1], [], "nothing is there twice")
    same([c for c in there if c[0] == "w" and c not in unknown and c not in acknowledged], [], "nothing is there that nobody wrote")
    stays = {m["person"] for m in store.json("membership", "list", "--limit", "10000")}
    same(sorted(set(there) - stays), [], "each member has their stay")
    store.sound("sound after the kills")
    for w in writers:
        w.journal.close()


@test
def killed_under_load():
    s = fresh_world()
    usual = min(took(s, "person", "add", "--code", f"x{i}", "--name", "Hồ Văn Thử", "--cell", "A", "--admitted-on", "19/05/2020") for i in range(3))
    writers = [Writer(s, f"w{i}-", KILLS // 4, usual) for i in range(4)]
    for w in writers:
        w.start()
    for w in writers:
        w.join()
    killed = sum(w.killed for w in writers)
    print(f"{killed} kills, {sum(len(w.journal.codes) for w in writers)} acknowledged, {sum(len(w.unknown) for w in writers)} unknown")
    check(killed >= KILLS // 4 * 4, "enough kills")
    compare(s, writers)


def kill_at_random(store, args, rounds, usual, after):
    """Kills a command at random moments of its life; after(killed) looks at what is left, each time."""
    rnd = random.Random(f"{SEED} {args}")
    killed = 0
    for _ in range(rounds):
        child = start(store, *args)
        try:
            child.wait(rnd.uniform(0.05, 1.1) * usual)
        except subprocess.TimeoutExpired:
            child.kill()
        child.communicate()
        killed += child.returncode == -9
        after(child.returncode)
    return killed


@test
def killed_while_importing():
    s = fresh_world()
    n = 150
    first = register(s.folder / "a.csv", 0, n)
    usual = took(s, "import", "person", str(first))
    same(len(s.json("person", "list", "--filter", "code=I0")), 1, "the import works")
    rounds, base = 8, len(stored(s))
    done = [0]

    def after(rc):
        there = len(stored(s))
        check((there - base) in ((done[0] * n,) if rc not in (0, -9) else (done[0] * n, (done[0] + 1) * n)), f"an import is whole or absent (exit {rc})", there - base)
        done[0] = (there - base) // n
        if rc == 0:
            check(there - base == done[0] * n and done[0] > 0, "an acknowledged import is there")

    for i in range(rounds):
        kill_at_random(s, ["import", "person", str(register(s.folder / "b.csv", 1000 * (i + 1), n))], 1, usual, after)
    s.sound("sound after killed imports")


@test
def killed_while_changing_units():
    whole = fresh_world()
    register(whole.folder / "a.csv", 0, 100)
    whole.ok("import", "person", whole.folder / "a.csv")
    args = ["unit", "change", "merge", "--units", "A;B;C", "--into", "N", "--new-name", "Chi bộ mới", "--superior", "X1", "--number", "1", "--decided-on",
            "01/02/2026", "--effective-on", "01/02/2026", "--decided-by", "Đảng ủy"]
    trial = whole.clone()
    usual = took(trial, *args)
    trial.drop()

    def after(rc):
        units = set(whole.codes("unit", "list"))
        home = {p["unit"] for p in whole.json("person", "list", "--limit", "10000")}
        if "N" in units:
            check(not units & {"A", "B", "C"} and not home & {"A", "B", "C"}, f"carried out whole (exit {rc})", units, home)
            whole.ok("unit", "change", "undo", whole.json("unit_change", "list", "--filter", "state=done")[0]["id"])
        else:
            check({"A", "B", "C"} <= units and "N" not in home and rc != 0, f"not begun (exit {rc})", units, home)

    killed = kill_at_random(whole, args, 8, usual, after)
    check(killed > 0, "some were killed")
    whole.sound("sound after killed changes")


@test
def killed_while_backing_up():
    s = fresh_world()
    s.ok("import", "person", register(s.folder / "a.csv", 0, 1500))
    path = s.folder / "backup.db"
    usual = took(s, "backup", str(path))
    wanted = len(stored(s))
    path.unlink()
    there = [0]

    def after(rc):
        if not path.exists():
            check(rc != 0, "a backup that was acknowledged is there")
            return
        there[0] += 1
        to = Store(init=False, engine="SQLite")
        r = dangbo("restore", path, to.where)
        check(r.rc == 0, "a file with the final name restores", r)
        same(len(stored(to)), wanted, "and is whole")
        to.drop()
        path.unlink()

    killed = kill_at_random(s, ["backup", str(path)], 20, usual, after)
    print(f"{killed} of 20 backups killed, {there[0]} files")
    left = [p.name for p in s.folder.iterdir() if p.name.startswith("backup.db") and "tmp" not in p.name]
    same(left, [], "nothing else bears a name like a backup's")
    r = s("backup", str(path))
    check(r.rc == 0, "the next backup works", r)
    same([p.name for p in s.folder.iterdir() if p.name.startswith("backup.db.tmp")], [], "and clears away what killed ones left")


@test
def a_server_that_goes_away():
    """PostgreSQL is stopped at once while writers write, and comes back."""
    if ENGINE != "PostgreSQL":
        return
    tool = ROOT / "tools" / "pg_private.sh"
    folder = Path("/tmp") / f"dangbo-crash.{os.getpid()}"
    if folder.exists() or not tool.exists():
        print("skipped: no private server to crash")
        return
    try:
        told = subprocess.run([tool, "start", folder, "--durable"], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        dsn = told.stdout.strip().split("\n")[-1]
        if not check(dsn.startswith("postgres"), "a server of its own", told.stderr):
            return
        s = Store(init=False)
        s.option = ["--db", dsn]
        s.where = dsn
        s.ok("init")
        s.add("unit", code="X1", name="Đảng bộ xã", type="base_committee", founded_on="01/01/1990")
        s.add("unit", code="A", name="Chi bộ A", type="cell", superior="X1", founded_on="01/01/1990")
        usual = min(took(s, "person", "add", "--code", f"x{i}", "--name", "Hồ Văn Thử", "--cell", "A", "--admitted-on", "19/05/2020") for i in range(3))
        writers = [Writer(s, f"w{i}-", 8, usual) for i in range(3)]
        for w in writers:
            w.start()
        for _ in range(4):
            time.sleep(0.7)
            subprocess.run([tool, "crash", folder], capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
            away = s("person", "add", "--name", "Hồ Văn Vắng", "--cell", "A", "--admitted-on", "19/05/2020")
            check(away.rc == 69 and "máy chủ" in away.err, "a server that is away", away)
            subprocess.run([tool, "resume", folder], capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
        for w in writers:
            w.join()
        # a commit whose answer was lost may have happened: the writer that tried again finds its code taken
        for w in writers:
            taken = [o for o in w.odd if o[1] == 65 and o[0] in o[2]]
            w.unknown += [o[0] for o in taken]
            w.odd = [o for o in w.odd if o not in taken]
        compare(s, writers)
        s.name = "postgres_is_gone"
    finally:
        subprocess.run([tool, "stop", folder], capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
        shutil.rmtree(folder, ignore_errors=True)


run_tests()
