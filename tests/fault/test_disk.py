"""A disk that is full, cannot be written or fails: a clear message, exit 74, nothing half written, and work goes on when it can."""
import os
import re
import shutil
import subprocess
from pathlib import Path

from _faults import ENGINE, PROGRAM, Result, Store, check, dangbo, different, environment, fresh_world, refused, register, run_tests, same, test

FSIZE = 1 << 20  # RLIMIT_FSIZE in bytes where there is no small disk


def limited(store, *args, bytes_=FSIZE):
    """The command, with files that cannot grow over a size (SIGXFSZ is ignored by the program or not: both must do)."""
    words = ["prlimit", f"--fsize={bytes_}", PROGRAM, *store.option, *[str(a) for a in args]]
    done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, env=environment(), timeout=300)
    return Result(args, done.returncode, done.stdout, done.stderr)


def small_disk(folder, megabytes):
    """Mounts a small disk at a folder; False when that is not allowed."""
    if os.getuid() or not shutil.which("mount"):
        return False
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", folder], capture_output=True).returncode == 0


def full(r, what):
    check(r.rc == 74, f"{what}: exit 74", r)
    check(("đầy" in r.err or "dung lượng" in r.err or "Không ghi được" in r.err), f"{what}: says so, and what to do", r)


@test
def a_full_disk():
    if ENGINE != "SQLite":
        return
    s = fresh_world()
    disk = s.folder / "disk"
    disk.mkdir()
    if not small_disk(disk, 3):
        print("skipped: a full disk: no small disk can be mounted here")
        return
    try:
        shutil.copytree(s.where, disk / "data")
        t = Store(init=False)
        t.where, t.option = str(disk / "data"), ["--data", str(disk / "data")]
        big = register(s.folder / "big.csv", 0, 4000)
        before = t.dump()
        full(t("import", "person", big), "an import")
        same(different(before, t.dump()), "", "of an import nothing is left")
        t.sound("sound after a full disk")
        # filled to the last byte
        fd = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(fd, b"x" * 4096):
                pass
        except OSError:
            pass
        os.close(fd)
        before = t.dump() if (disk / "data" / "dangbo.db").exists() else None
        r = t("person", "add", "--name", "Hồ Thị Đầy", "--cell", "A", "--admitted-on", "19/05/2020")
        full(r, "an add")
        full(t("backup", disk / "b.db"), "a backup")
        check(not (disk / "b.db").exists() and not list(disk.glob("b.db*")), "no backup is left", list(disk.glob("b.db*")))
        r = t("person", "list")
        check(r.rc in (0, 74), "reading goes on, or says why not", r)
        os.unlink(disk / "filler")
        same(different(before, t.dump()), "", "nothing is half written")
        r = t("person", "add", "--code", "N1", "--name", "Hồ Thị Mới", "--cell", "A", "--admitted-on", "19/05/2020")
        check(r.rc == 0, "work goes on when there is space again", r)
        t.sound()
    finally:
        subprocess.run(["umount", "-l", disk], capture_output=True)


@test
def files_that_cannot_grow():
    s = fresh_world()
    if not shutil.which("prlimit"):
        print("skipped: files that cannot grow: prlimit is not installed")
        return
    big = register(s.folder / "big.csv", 0, 3000)
    before = s.dump()
    if ENGINE == "SQLite":
        r = limited(s, "import", "person", big)
        full(r, "an import")
        same(different(before, s.dump()), "", "of an import nothing is left")
        s.sound()
    r = limited(s, "backup", s.folder / "b.db", bytes_=64 << 10)
    full(r, "a backup")
    same([p.name for p in s.folder.glob("b.db*")], [], "no backup is left")
    for words, path in ((["export", "person", "--format", "csv", "-o"], s.folder / "e.csv"), (["export", "person", "--format", "xlsx", "-o"], s.folder / "e.xlsx"),
                        (["report", "members", "--unit", "X1", "--period", "2025", "--to", "html", "-o"], s.folder / "r.html")):
        r = limited(s, *words, path, bytes_=64)
        check(r.rc in (73, 74) and re.search("[Ổổ] đĩa|không được lớn thêm", r.err) and not re.search("No space|too large|generic", r.err.split("dangbo: ")[-1]), f"{words[0]}: says in one language that the file cannot be written", r)
        check(not path.exists() or not path.stat().st_size, f"{words[0]}: no half file is left", path.exists() and path.stat().st_size)
    r = s("import", "person", big)
    check(r.rc == 0, "it works without the limit", r)
    s.sound()


@test
def a_directory_that_cannot_be_written():
    if ENGINE != "SQLite":
        return
    s = fresh_world()
    disk = s.folder / "disk"
    disk.mkdir()
    if not small_disk(disk, 8):
        print("skipped: a read-only disk: none can be mounted here")
        return
    try:
        shutil.copytree(s.where, disk / "data")
        if subprocess.run(["mount", "-o", "remount,ro", disk], capture_output=True).returncode:
            print("skipped: a read-only disk: none can be mounted here")
            return
        t = Store(init=False)
        t.where, t.option = str(disk / "data"), ["--data", str(disk / "data")]
        r = t("person", "add", "--name", "Hồ Thị Đọc", "--cell", "A", "--admitted-on", "19/05/2020")
        check(r.rc in (73, 74, 77) and "quyền" in r.err, "a write says that it cannot", r)
        r = t("person", "list")
        check(r.rc == 0 and "Đức" in r.out, "reading works", r)
        refused(dangbo("init", disk / "new"), 73)
        subprocess.run(["mount", "-o", "remount,rw", disk], capture_output=True)
        r = t("person", "add", "--name", "Hồ Thị Ghi", "--cell", "A", "--admitted-on", "19/05/2020")
        check(r.rc == 0, "work goes on", r)
    finally:
        subprocess.run(["umount", "-l", disk], capture_output=True)


def strace_works():
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"], capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"strace does not work here: {tried.stderr.strip()[:80]}"


@test
def calls_that_fail():
    """Each fsync and each write of an add fails in turn: no acknowledgement, nothing half written."""
    why = strace_works()
    if why or ENGINE != "SQLite":
        if why:
            print(f"skipped: failing system calls: {why}")
        return
    s = fresh_world()
    for call, error in (("fsync,fdatasync", "EIO"), ("fsync,fdatasync", "ENOSPC"), ("pwrite64,write", "ENOSPC"), ("pwrite64,write", "EIO"), ("ftruncate", "EIO"), ("pread64,read", "EIO")):
        refusals = 0
        for k in range(1, 9):
            before = s.dump()
            words = ["strace", "-f", "-o", s.folder / "trace", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={k}",
                     *[w for end in ("", "-wal", "-journal") for w in ("-P", f"{s.where}/dangbo.db{end}")], PROGRAM, *s.option, "person", "add",
                     "--code", f"{call[:3]}{error}{k}", "--name", "Hồ Văn Lỗi", "--cell", "A", "--admitted-on", "19/05/2020"]
            env = environment(ASAN_OPTIONS="detect_leaks=0")
            done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, env=env, timeout=120)
            r = Result([call, error, str(k)], done.returncode, done.stdout, done.stderr)
            hit = "(INJECTED)" in Path(s.folder / "trace").read_text()
            if not hit:
                break
            refusals += r.rc != 0
            added = f"{call[:3]}{error}{k}" in s.codes("person", "list", "--limit", "1000")
            if r.rc == 0:
                check(added, f"{call} {error} {k}: acknowledged, so it is there", r)
            else:
                check(r.rc in (69, 70, 73, 74, 75) and r.err, f"{call} {error} {k}: refused with words", r)
                if not added:
                    same(different(before, s.dump()), "", f"{call} {error} {k}: nothing is half written")
            s.sound(f"{call} {error} {k}: sound")
        print(f"{call} {error}: {refusals} refusals")


run_tests()
