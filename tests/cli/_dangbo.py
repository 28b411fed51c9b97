"""What the tests of whole commands share: running the program, a fresh data store on either engine, counting.

DANGBO is the program; DANGBO_TEST_DB the address of a PostgreSQL server, or nothing for SQLite. A test is a function under
@test; it calls check() and never stops at a failure. run_tests() runs them and prints `N passed, N failed`."""
import glob
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("DANGBO") or str(ROOT / "build" / "dangbo")
SERVER = os.environ.get("DANGBO_TEST_DB") or None
ENGINE = "PostgreSQL" if SERVER else "SQLite"

counts = {"passed": 0, "failed": 0}
tests = []
_made = 0
_keep = []


def check(ok, what, *found):
    """Counts; a failure is told with the line of the test and what was found."""
    if ok:
        counts["passed"] += 1
        return True
    counts["failed"] += 1
    at = next(f for f in reversed(traceback.extract_stack()[:-1]) if Path(f.filename).name != "_dangbo.py")
    print(f"FAILED {Path(at.filename).name}:{at.lineno}: {what}")
    for f in found:
        text = f.told() if isinstance(f, Result) else str(f)
        print("    " + text[:3000].replace("\n", "\n    "))
    sys.stdout.flush()
    return False


def same(found, wanted, what):
    return check(found == wanted, what, f"found:  {found!r}", f"wanted: {wanted!r}")


def test(f):
    tests.append(f)
    return f


def run_tests(only=None):
    """Runs what @test named; only: names on the command line."""
    only = only or sys.argv[1:]
    try:
        for f in tests:
            if only and f.__name__ not in only:
                continue
            try:
                f()
            except Exception:
                counts["failed"] += 1
                print(f"FAILED {f.__name__}: stopped")
                traceback.print_exc(file=sys.stdout)
    finally:
        while _keep:
            _keep.pop().drop()
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(1 if counts["failed"] else 0)


class Result:
    def __init__(self, args, rc, out, err):
        self.args, self.rc, self.raw, self.raw_err = args, rc, out, err
        self.out, self.err = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)

    def one(self):
        """The only record of the array."""
        whole = self.json()
        return whole[0] if isinstance(whole, list) and len(whole) == 1 else {}

    def told(self):
        return f"$ dangbo {' '.join(str(a) for a in self.args)}\nrc {self.rc}\nstdout: {self.out}\nstderr: {self.err}"


CLEAN = {k: v for k, v in os.environ.items()
         if not k.startswith(("LC_", "DANGBO", "PG")) and k not in ("LANG", "LANGUAGE", "TERM", "NO_COLOR")}


def environment(**more):
    env = dict(CLEAN, LANG="vi_VN.UTF-8")
    for k, v in more.items():
        env.pop(k, None)
        if v is not None:
            env[k] = v
    return env


def dangbo(*args, stdin=None, env=None, timeout=120, cwd=None):
    """Runs the program. stdin: bytes or text; nothing is /dev/null."""
    args = [str(a) for a in args]
    if isinstance(stdin, str):
        stdin = stdin.encode()
    given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
    done = subprocess.run([PROGRAM, *args], capture_output=True, env=env or environment(), timeout=timeout, cwd=cwd, **given)
    for sign in (b"AddressSanitizer", b"runtime error:", b"LeakSanitizer"):
        if sign in done.stderr:
            check(False, "a sanitizer found something", Result(args, done.returncode, done.stdout, done.stderr))
    return Result(args, done.returncode, done.stdout, done.stderr)


def psql(dsn, sql, rows=True):
    """Statements on PostgreSQL; the rows of the last as lists of text, NULL as None."""
    done = subprocess.run(["psql", "-X", "-q", "-At", "-F", "\x1f", "-P", "null=\x1e", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-f", "-"], input=sql,
                          capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"psql: {done.stderr}\n{sql[:500]}")
    if not rows:
        return done.stdout
    return [[None if v == "\x1e" else v for v in line.split("\x1f")] for line in done.stdout.split("\n") if line]


class Store:
    """Data of one test, on the engine under test (or the one named); gone at the end of the program."""

    def __init__(self, init=True, engine=None, like=None):
        global _made
        _made += 1
        self.engine = engine or ENGINE
        self.folder = Path(tempfile.mkdtemp(prefix="dangbo-cli-"))
        if self.engine == "PostgreSQL":
            self.name = f"t_{os.getpid()}_{_made}"
            template = like.name if like else "template0"
            psql(SERVER, f"CREATE DATABASE {self.name} TEMPLATE {template}", rows=False)
            parts = urlsplit(SERVER)
            self.where = urlunsplit(parts._replace(path="/" + self.name))
            if parts.netloc.endswith("@") or not parts.netloc:  # urlunsplit loses nothing, but be sure
                self.where = re.sub(r"^(postgres(?:ql)?://[^/]*)/[^?]*", rf"\1/{self.name}", SERVER)
            self.option = ["--db", self.where]
        else:
            self.where = str(self.folder / "data")
            self.option = ["--data", self.where]
            if like:
                shutil.copytree(like.where, self.where)
        _keep.append(self)
        if init and not like:
            r = self("init")
            if r.rc:
                raise RuntimeError(r.told())

    def clone(self):
        return Store(engine=self.engine, like=self)

    def drop(self):
        if self.engine == "PostgreSQL":
            try:
                psql(SERVER, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", rows=False)
            except (RuntimeError, subprocess.TimeoutExpired):
                pass
        shutil.rmtree(self.folder, ignore_errors=True)

    def __call__(self, *args, as_=None, **more):
        given = [*args]
        if as_:
            given += ["--as", as_]
        return dangbo(*self.option, *given, **more)

    def ok(self, *args, **more):
        """Runs what must succeed."""
        r = self(*args, **more)
        if r.rc:
            at = next(f for f in reversed(traceback.extract_stack()[:-1]) if Path(f.filename).name != "_dangbo.py")
            raise RuntimeError(f"line {at.lineno}: must succeed:\n{r.told()}")
        return r

    def json(self, *args, **more):
        """The array that a command prints; of commands about one record, that record."""
        r = self.ok(*args, "--json", **more)
        return r.one() if len(args) > 1 and args[1] in ("show", "add", "set") and args[0] != "user" else r.json()

    def add(self, kind, **fields):
        as_ = fields.pop("as_", None)
        words = [w for k, v in fields.items() if v is not None for w in (f"--{k.replace('_', '-')}", str(v))]
        return self.json(kind, "add", *words, as_=as_)

    def codes(self, *args, **more):
        return [r["code"] for r in self.json(*args, **more)]

    # --- behind the program's back

    def sql(self, text):
        if self.engine == "PostgreSQL":
            return psql(self.where, text)
        db = sqlite3.connect(f"{self.where}/dangbo.db")
        try:
            rows = db.execute(text).fetchall()
            db.commit()
        finally:
            db.close()
        return [[None if v is None else str(v) for v in row] for row in rows]

    def script(self, text):
        if self.engine == "PostgreSQL":
            psql(self.where, text, rows=False)
            return
        db = sqlite3.connect(f"{self.where}/dangbo.db")
        try:
            db.executescript(text)
            db.commit()
        finally:
            db.close()

    def one(self, text):
        return self.sql(text)[0][0]

    def tables(self):
        if self.engine == "PostgreSQL":
            rows = self.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        else:
            rows = self.sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_words%' ESCAPE '\\' ORDER BY 1")
        return [r[0] for r in rows if r[0] != "word_known"]  # made from the words, and only where SQLite searches

    def columns(self, table):
        if self.engine == "PostgreSQL":
            rows = self.sql(f"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY 1")
        else:
            rows = self.sql(f"SELECT name FROM pragma_table_info('{table}') ORDER BY 1")
        return [r[0] for r in rows]

    def dump(self):
        """Every row of every table, comparable between engines."""
        whole = {}
        for t in self.tables():
            columns = self.columns(t)
            listed = ", ".join(f'"{c}"' for c in columns)
            whole[t] = (columns, sorted([v if v is not None else "\x1e" for v in row] for row in self.sql(f'SELECT {listed} FROM "{t}"')))
        return whole

    def sound(self, what="the data are sound"):
        check_ = self("check")
        audit = self("audit", "verify")
        return check(check_.rc == 0 and audit.rc == 0, what, check_, audit)


def different(a, b):
    """What two dumps differ in, in words; empty when they are the same."""
    told = []
    for t in sorted(set(a) | set(b)):
        if a.get(t) != b.get(t):
            x, y = a.get(t, ([], []))[1], b.get(t, ([], []))[1]
            told.append(f"{t}: {[r for r in x if r not in y][:3]} / {[r for r in y if r not in x][:3]}")
    return "; ".join(told)


def refused(r, code, *words):
    """A refusal: its exit code, nothing on standard output, and words on standard error that say what is wrong."""
    if not check(r.rc == code, f"exit code {code}", r):
        return
    check(not r.out, "nothing on standard output", r)
    check(r.err.strip() != "", "a message", r)
    for w in words:
        check(re.search(w, r.err) is not None, f"the message says “{w}”", r)


VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.I)


def world():
    """A province, a commune with three cells, a commune with one, and some members."""
    s = Store()
    unit = lambda code, name, type_, above=None, on="01/01/1990": s.add("unit", code=code, name=name, type=type_, superior=above, founded_on=on)
    unit("T", "Đảng bộ tỉnh Tây Ninh", "party_province")
    unit("X1", "Đảng bộ xã Hòa Hiệp", "base_committee", "T")
    unit("X2", "Đảng bộ xã Tân Lập", "base_committee", "T")
    unit("A", "Chi bộ ấp Bình Hòa", "cell", "X1")
    unit("B", "Chi bộ ấp Bình An", "cell", "X1")
    unit("C", "Chi bộ Trạm Y tế", "cell", "X1")
    unit("D", "Chi bộ ấp Tân Đông", "cell", "X2")
    person = lambda code, name, cell, born, on="19/05/2000": s.add("person", code=code, name=name, cell=cell, born=born, sex="male", admitted_on=on,
                                                                  official_on="19/05/2001")
    person("P1", "Nguyễn Văn Đức", "A", "27/03/1970")
    person("P2", "Trần Thị Hòa", "A", "1971")
    person("P3", "Lê Văn An", "B", "02/09/1975")
    person("P4", "Phạm Văn Bình", "C", "30/04/1975")
    person("P5", "Võ Thị Đào", "D", "05/1980")
    return s


_world = None


def fresh_world():
    """A copy of world(), made once."""
    global _world
    _world = _world or world()
    return _world.clone()
