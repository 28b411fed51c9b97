"""Two processes on one data directory: one writes, the second is told who has it; readers read beside it."""
import os
import signal
import subprocess
import threading
import time

from _faults import ENGINE, Store, check, fresh_world, refused, register, run_tests, same, start, test


class Held:
    """A process that has the data open for writing and stands still."""

    def __init__(self, store):
        self.store = store

    def __enter__(self):
        big = register(self.store.folder / "big.csv", 50000, 4000)
        self.child = start(self.store, "import", "person", str(big))
        lock = os.path.join(self.store.where, "lock")
        until = time.monotonic() + 20
        while time.monotonic() < until and self.child.poll() is None:
            if os.path.exists(lock) and open(lock).read().strip() == str(self.child.pid):
                break
            time.sleep(0.005)
        os.kill(self.child.pid, signal.SIGSTOP)
        return self.child

    def __exit__(self, *_):
        try:
            os.kill(self.child.pid, signal.SIGCONT)
        except ProcessLookupError:
            pass
        self.child.communicate(timeout=300)


@test
def a_second_writer():
    if ENGINE != "SQLite":
        return
    s = fresh_world()
    with Held(s) as holder:
        if not check(holder.poll() is None, "a process holds the data"):
            return
        for words in (["person", "set", "P1", "--phone", "1"], ["person", "add", "--name", "Hồ Thị Hai", "--cell", "A", "--admitted-on", "19/05/2020"],
                      ["unit", "change", "close", "--units", "A"], ["user", "lock", "x"], ["schema", "--apply"]):
            r = s(*words)
            refused(r, 75, str(holder.pid), "dừng|đợi|làm lại")
        en = s("person", "set", "P1", "--phone", "1", "--lang", "en")
        check(en.rc == 75 and str(holder.pid) in en.err and "try again" in en.err, "in English too", en)
        r = s("init")
        check(r.rc in (73, 75), "nor can it be made anew", r)
        # readers read what is committed
        for words in (["person", "list"], ["unit", "tree"], ["unit", "show", "A"], ["check"], ["audit", "verify"], ["export", "unit", "--format", "csv"],
                      ["report", "members", "--unit", "X1", "--period", "2025", "--to", "text"], ["backup", s.folder / "b.db"], ["schema"]):
            r = s(*words, timeout=60)
            check(r.rc == 0, f"{words} beside a writer", r)
        r = s("person", "show", "P1")
        check(r.rc == 0 or (r.rc == 75 and str(holder.pid) in r.err), "a reading that is logged needs the writer, and says so", r)
        same(len(s.json("person", "list")), 5, "a reader sees what is committed, no half import")
    r = s("person", "set", "P1", "--phone", "1")
    check(r.rc == 0, "afterwards it works", r)
    s.sound()


@test
def the_lock_of_a_dead_process():
    if ENGINE != "SQLite":
        return
    s = fresh_world()
    with Held(s) as holder:
        os.kill(holder.pid, signal.SIGKILL)
    r = s("person", "set", "P1", "--phone", "2")
    check(r.rc == 0, "a dead process locks nothing", r)
    same(len(s.json("person", "list")), 5, "and left nothing half")
    s.sound()


@test
def readers_and_writers_together():
    s = fresh_world()
    told, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            for words in (["person", "list", "--limit", "1000", "--json"], ["audit", "verify"], ["check"]):
                r = s(*words)
                if r.rc:
                    told.append(r)

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(3):
        r = s("import", "person", register(s.folder / "a.csv", 1000 * i, 200))
        check(r.rc == 0, "an import beside readers", r)
    stop.set()
    reader.join()
    check(not told, "no reader was disturbed", *told[:2])
    s.sound()


@test
def many_writers_on_a_server():
    """On PostgreSQL several may write at once; each is told when it must try again."""
    s = fresh_world()
    children = [start(s, "person", "add", "--code", f"M{i}", "--name", f"Hồ Văn {chr(65 + i)}", "--cell", "ABCD"[i % 4], "--admitted-on", "19/05/2020") for i in range(8)]
    codes = []
    for i, child in enumerate(children):
        err = child.communicate()[1].decode()
        check(child.returncode in (0, 75), "written, or told to try again", err)
        if child.returncode == 0:
            codes.append(f"M{i}")
    there = s.codes("person", "list", "--limit", "1000")
    same(sorted(c for c in there if c[0] == "M"), sorted(codes), "those that were acknowledged, and no other")
    check(ENGINE == "SQLite" or len(codes) == 8, "on a server all are written", codes)
    s.sound()


run_tests()
