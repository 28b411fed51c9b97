#!/usr/bin/env python3
"""The rules of the house that no compiler checks. What each rule promises stands in its first line; what it lets pass,
and why, stands in the tables below. Without arguments it reads the source tree; --self-test shows each rule snippets
that it must refuse and their lawful twins. Both end with `N passed, N failed`.

A further file of words (regular expressions, one a line) that must not appear is named by DANGBO_LINT_WORDS."""
import os
import re
import sys
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent

# What the files of a layer may include. db and doc do not know each other, nor do web and cli.
BELOW = {
    "base": [],
    "fmt": ["base"],
    "db": ["base", "fmt"],
    "doc": ["base", "fmt"],
    "lang": ["base"],
    "model": ["base", "fmt", "db", "doc"],
    "measure": ["base", "fmt", "db", "doc", "model"],
    "party": ["base", "fmt", "db", "doc", "model", "measure"],
    "web": ["base", "fmt", "db", "doc", "model", "measure", "party", "lang"],
    "cli": ["base", "fmt", "db", "doc", "model", "measure", "party", "lang"],
    "main": ["base", "fmt", "db", "doc", "model", "measure", "party", "lang", "web", "cli"],
}

# Includes beyond the table: (file, include): reason.
INCLUDE_EXCEPTIONS = {}

# Files over 800 lines, functions over 60: name: reason.
LONG_FILES = {}
LONG_FUNCTIONS = {}  # "src/x/y.c:function": reason

# Memory beyond an arena.
MALLOC_FILES = {
    "src/base/arena.c": "it makes the arenas",
    "src/base/buf.c": "a buffer grows and is given back before its arena is",
    "src/db/cache.c": "prepared statements outlive a request",
    "src/db/db.c": "stores and sessions outlive a request",
    "src/db/sqlite.c": "connections and prepared statements outlive a request",
    "src/db/sqlite_store.c": "stores outlive a request",
    "src/db/sqlite_tables.c": "names of tables last as long as their store",
    "src/db/sqlite_later.c": "what is written behind is handed from thread to thread",
    "src/db/postgres.c": "connections and prepared statements outlive a request",
    "src/web/metrics.c": "counts outlive a request",
    "src/web/reaper.c": "connections outlive a request",
    "src/web/certificates.c": "certificates outlive a request",
    "src/web/assets.c": "what libdeflate gives, copied into the arena of the start and freed",
    "src/web/seats.c": "contexts live as long as the server",
    "src/web/listen.c": "a connection lives until its answer is sent",
    "src/web/answer.c": "libmicrohttpd frees what it has sent",
    "src/web/job.c": "a job outlives the request that began it",
    "src/web/session.c": "what a server remembers of sessions outlives a request",
    "src/web/sign_in.c": "the gate outlives a request",
    "src/web/throttle.c": "the counts outlive a request",
    "src/model/rule.c": "the rules live as long as the program",
    "src/fmt/xlsx_parts.c": "libzip and expat hand over and take memory of their own",
    "src/fmt/xlsx_write.c": "libxlsxwriter hands over memory of its own",
    "src/fmt/zip_in.c": "libzip hands over memory of its own",
}

# State of the process: "file:name": reason.
STATE = {
    "src/db/db.c:fault_kind": "faults that tests inject",
    "src/db/db.c:fault_left": "faults that tests inject",
    "src/model/record.c:last": "ids must not repeat within the process",
    "src/web/certificates.c:current": "the handshake's call has no argument of ours",
    "src/db/db.c:real_commits": "tests ask how many commits shared an fsync",
}

HTML_FILES = re.compile(r"src/(web/|fmt/html\.[ch]$|doc/to_html\.[ch]$)")

MAX_LINES, MAX_FUNCTION = 800, 60
SKIPPED = {".git", "build", "node_modules", "__pycache__"}
# Built from pieces, so that this file does not hold them itself.
WORDS = [r"(?<![\w.}])/" + d + r"(?=[/\s\"'`)]|$)" for d in ("work", "root", "home/\\w+")] + ["<{7} |>{7} "]
WORDS_NOT_IN_TESTS = [r"(?<![\w}])/" + "tmp/"]


class Source:
    """A C file: its text, the text with comments blanked, and with strings blanked too. Lines keep their places."""

    TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def __init__(self, text):
        blank = lambda s: re.sub(r"[^\n]", " ", s)
        self.text = text
        self.code = self.TOKEN.sub(lambda m: m[0] if m[0][0] in "\"'" else blank(m[0]), text)
        self.bare = self.TOKEN.sub(lambda m: m[0][0] + blank(m[0][1:-1]) + m[0][-1] if m[0][0] in "\"'" else blank(m[0]), text)
        # No preprocessor lines: what they say counts where the macro is used.
        self.plain = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: blank(m[0]), self.bare, flags=re.M)
        self._strings = None

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def strings(self):
        """(line, content) of each literal; adjacent ones stand joined, as the compiler joins them."""
        if self._strings is None:
            found = re.finditer(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*', self.code)
            one = re.compile(r'"((?:\\.|[^"\\\n])*)"')
            self._strings = [(self.line(m.start()), "".join(one.findall(m[0]))) for m in found]
        return self._strings

    def top(self):
        """The statements at file scope: (line, text without the content of braces, body line count or None)."""
        depth, start, body, text = 0, None, None, []
        for i, ch in enumerate(self.plain):
            if depth == 0 and start is None and not ch.isspace():
                start, text = i, []
            if ch == "{":
                if depth == 0:
                    text.append("{")
                depth += 1
            elif ch == "}":
                depth -= 1
                if depth == 0:
                    text.append("}")
                    head = "".join(text)[:-2].rstrip()
                    if head.endswith(")") and "=" not in re.sub(r"\(.*\)", "", head, flags=re.S):
                        yield self.line(start), head, self.line(i) - self.line(start) + 1
                        start = None
            elif depth == 0 and start is not None:
                text.append(ch)
                if ch == ";":
                    yield self.line(start), "".join(text), None
                    start = None


def is_c(path):
    return path.endswith((".c", ".h"))


def layer(path):
    parts = PurePosixPath(path).parts
    return "main" if len(parts) == 2 else parts[1]


class Tree:
    def __init__(self, files):
        self.files = files
        self._sources = {}

    def source(self, path):
        if path not in self._sources:
            self._sources[path] = Source(self.files[path])
        return self._sources[path]

    def c(self, prefix="src/"):
        for path in sorted(self.files):
            if path.startswith(prefix) and is_c(path):
                yield path, self.source(path)

    def grep(self, pattern, prefix="", only=lambda path: True):
        for path, text in sorted(self.files.items()):
            if path.startswith(prefix) and only(path):
                for m in re.finditer(pattern, text, re.M):
                    yield path, text.count("\n", 0, m.start()) + 1, m[0]


RULES = []


def rule(*bad, good=()):
    """A rule, with the snippets that it must refuse and those it must let pass: each a {path: text}."""
    def add(check):
        RULES.append((check, bad, good))
        return check
    return add


HEAD = "/* x */\n"


@rule({"src/base/a.c": HEAD + '#include "db/db.h"\n'},
      {"src/db/a.c": HEAD + '#include "doc/doc.h"\n'},
      {"src/doc/a.c": HEAD + '#  include "db/db.h"\n'},
      {"src/party/people/a.c": HEAD + '#include "web/page.h"\n'},
      {"src/model/a.c": HEAD + '#include "measure/eval.h"\n'},
      {"src/web/a.c": HEAD + '#include "cli/command.h"\n'},
      {"src/fmt/a.c": HEAD + '#include "../db/db.h"\n'},
      {"src/odd/a.c": HEAD + '#include "base/buf.h"\n'},
      good=[{"src/main.c": HEAD + '#include "web/page.h"\n#include "cli/command.h"\n'},
            {"src/party/people/a.c": HEAD + '#include "person.h"\n#include "party/organisation/unit.h"\n#include "db/db.h"\n'},
            {"src/base/a.c": HEAD + '/* #include "db/db.h" */\n#include <sys/stat.h>\n'}])
def includes_go_down(tree):
    """A layer includes itself and those below, written from src/."""
    for path, src in tree.c():
        own = layer(path)
        for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', src.code, re.M):
            target = m[1]
            first = target.split("/")[0]
            if (path, target) in INCLUDE_EXCEPTIONS:
                continue
            if own not in BELOW:
                yield path, src.line(m.start()), f"folder {own} is not a layer"
            elif ".." in target:
                yield path, src.line(m.start()), f"{target}: write it from src/"
            elif "/" in target and first != own and first not in BELOW[own]:
                yield path, src.line(m.start()), f"{own} must not include {target}"


@rule({"src/base/a.c": HEAD + "int x;\n" * 800}, good=[{"src/base/a.c": HEAD + "\n" * 799}])
def files_are_short(tree):
    """No file of code has more than 800 lines."""
    for path, text in tree.files.items():
        if path.endswith((".c", ".h", ".py", ".sh", ".js", ".mjs", ".css")) and path not in LONG_FILES and text.count("\n") > MAX_LINES:
            yield path, MAX_LINES, f"{text.count(chr(10))} lines"


@rule({"src/base/a.c": HEAD + "static void f(int a)\n{\n" + "    g();\n" * 58 + "}\n"},
      {"src/base/a.c": HEAD + "int f(void (*g)(void),\n      const char *s)\n{\n" + "    if (g) { s = \"}\"; }\n" * 60 + "}\n"},
      good=[{"src/base/a.c": HEAD + "static void f(int a)\n{\n" + "    g();\n" * 57 + "}\n"},
            {"src/base/a.c": HEAD + "static const int t[] = {\n" + "    1,\n" * 90 + "};\n"}])
def functions_fit_a_screen(tree):
    """No function has more than 60 lines, from its first word to its last bracket."""
    for path, src in tree.c(""):
        if path.startswith("tests/compile/"):
            continue
        for at, head, lines in src.top():
            if lines and lines > MAX_FUNCTION:
                m = re.search(r"(\w+)\s*\(", head)
                if f"{path}:{m[1]}" not in LONG_FUNCTIONS:
                    yield path, at, f"{m[1]}() has {lines} lines"


@rule({"src/model/a.c": HEAD + "#include <sqlite3.h>\n"}, {"src/cli/a.c": HEAD + "#include <libpq-fe.h>\n"},
      {"src/party/a.c": HEAD + "#include <postgresql/libpq-fe.h>\n"},
      good=[{"src/db/sqlite.c": HEAD + "#include <sqlite3.h>\n"}])
def engines_stay_in_db(tree):
    """The headers of SQLite and PostgreSQL are included in src/db only."""
    for path, src in tree.c():
        for m in re.finditer(r"#[ \t]*include[ \t]*[<\"].*(sqlite3|libpq)[\w-]*\.h", src.code):
            if not path.startswith("src/db/"):
                yield path, src.line(m.start()), m[0]


@rule({"src/party/a.c": HEAD + 'const char *const s = "<div class=x>";\n'},
      {"src/model/a.c": HEAD + 'void f(void)\n{\n    g("text</td>");\n}\n'}, {"src/cli/a.c": HEAD + 'void f(void)\n{\n    html_text(b, s);\n}\n'},
      good=[{"src/web/a.c": HEAD + 'void f(void)\n{\n    html_text(b, "<div>");\n}\n'},
            {"src/doc/to_docx.c": HEAD + 'void f(void)\n{\n    g("<w:p><w:r>");\n}\n'},
            {"src/cli/a.c": HEAD + 'const char *const s = "dangbo unit <code>";\n'}])
def html_stays_in_web(tree):
    """HTML is written in src/web and src/doc/to_html.c only, with the writer src/fmt/html.c."""
    tag = re.compile(r"</?(html|head|body|div|span|p|br|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|form|input|select|option|"
                     r"button|label|script|img|section|main|nav|header|footer)(\s[^<>]*)?/?>|<a [^<>]*href", re.I)
    for path, src in tree.c():
        if HTML_FILES.match(path):
            continue
        for at, s in src.strings():
            if tag.search(s):
                yield path, at, s[:60]
        for m in re.finditer(r"\bhtml_\w+\(", src.bare):
            yield path, src.line(m.start()), m[0]


@rule({"src/web/a.c": HEAD + 'void f(void)\n{\n    db_query(c, "SELECT 1");\n}\n'},
      {"src/fmt/a.c": HEAD + 'void f(void)\n{\n    g("  "\n      "delete from x");\n}\n'},
      good=[{"src/web/a.c": HEAD + 'const char *const m[] = {"DELETE", "Update"};\n'},
            {"src/web/a.c": HEAD + "/* \"SELECT 1\" */\n"}, {"src/model/a.c": HEAD + 'const char *const m = "SELECT 1";\n'}])
def sql_stays_away(tree):
    """base, fmt, doc and web hold no SQL."""
    for path, src in tree.c():
        if layer(path) in ("base", "fmt", "doc", "web"):
            for at, s in src.strings():
                if re.match(r"(\s|\\n)*(SELECT|INSERT\s(OR\s\w+\s)?INTO|UPDATE\s\S+\sSET|DELETE\sFROM)\s", s, re.I):
                    yield path, at, s[:60]


@rule({"src/model/a.c": HEAD + 'void f(void)\n{\n    db_run(c, "CREATE TRIGGER t AFTER INSERT ON unit");\n}\n'},
      {"src/model/a.c": HEAD + 'void f(void)\n{\n    db_query(c, "WITH "\n      "recursive t AS (SELECT 1)");\n}\n'},
      {"src/db/sqlite.c": HEAD + 'void f(void)\n{\n    sql_add(&q, "create temp  trigger t");\n}\n'},
      good=[{"src/model/a.c": HEAD + "/* no CREATE TRIGGER, no WITH RECURSIVE */\n"},
            {"src/model/a.c": HEAD + 'void f(void)\n{\n    db_query(c, "WITH t AS (SELECT 1) SELECT 1");\n}\n'}])
def no_triggers_and_no_recursion(tree):
    """No statement makes a trigger or asks recursively: Citus has neither on distributed tables."""
    for path, src in tree.c():
        for at, s in src.strings():
            if re.search(r"\bWITH\s+RECURSIVE\b|\bCREATE\s+(\w+\s+)*TRIGGER\b", s, re.I):
                yield path, at, s[:60]


@rule({"src/web/a.c": HEAD + 'void f(void)\n{\n    if (strcmp(kind->name, "task") == 0)\n        g();\n}\n'},
      {"src/model/a.c": HEAD + 'void f(void)\n{\n    if (str_same("task", k->name))\n        g();\n}\n'},
      good=[{"src/web/a.c": HEAD + 'void f(void)\n{\n    if (strcmp(field->name, "unit") == 0)\n        g();\n}\n'},
            {"src/model/kinds.c": HEAD + "void f(void)\n{\n    if (strcmp(kinds[i]->name, name) == 0)\n        g();\n}\n"}])
def kinds_are_not_compared_by_name(tree):
    """No code asks whether a kind has a certain name: what differs is declared by the kind."""
    for path, src in tree.c():
        for m in re.finditer(r"\b(?:strn?cmp|strcasecmp|str_same|str_starts)\(([^;{]*)", src.code):
            if re.search(r'\b(k|kind)->name\b', m[1]) and '"' in m[1]:
                yield path, src.line(m.start()), m[0][:60]


@rule({"src/base/a.c": HEAD + "/* TO" "DO: later */\n"}, {"tools/a.sh": "# FIX" "ME\n"}, {"src/base/a.c": HEAD + "/* XX" "X */\n"},
      good=[{"src/base/a.c": HEAD + 'const char *const t = "dangbo-XXXXXX";\n'}])
def nothing_is_left_for_later(tree):
    """No notes of unfinished work."""
    yield from tree.grep(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", only=lambda p: not p.startswith("LICENSE"))


@rule({"src/base/a.c": HEAD + "static int count;\n"}, {"src/base/a.c": HEAD + "struct x {\n    int a;\n} table[3] = {{1}};\n"},
      {"src/base/a.c": HEAD + 'static const char *names[] = {"a"};\n'}, {"src/base/a.c": HEAD + "static void (*hook)(int a);\n"},
      {"src/base/a.c": HEAD + "void f(void)\n{\n    static int calls = 0;\n    calls++;\n}\n"},
      {"src/base/a.c": HEAD + "static atomic_int kind, left;\n"}, {"src/base/a.c": HEAD + "static const char *const a, *b;\n"},
      {"src/base/a.c": HEAD + "static _Thread_local char room[9];\n"}, {"src/base/a.c": HEAD + "bool on = true;\n"},
      good=[{"src/base/a.c": HEAD + 'static const char *const names[] = {"a"};\nstatic const struct x t = {.f = g};\nint f(int a);\n'
             "static int g(void (*h)(int)) MUST;\nstruct y;\nenum z { A, B };\ntypedef int w;\nextern const int e[];\n"
             "_Static_assert(sizeof(int) == 4, \"x\");\nconst struct kind k = {.name = \"k\", FIELDS(fields)};\n"
             "struct v {\n    int a;\n};\nvoid *alloc(int n) __attribute__((malloc, alloc_size(1)));\n"
             "static void (*const hook)(int a) = g;\nstatic const int i, j;\nvoid m(void)\n{\n    static const int t[] = {1};\n}\n"}])
def state_is_listed(tree):
    """Variables of the process that can change are listed here, with their reason."""
    for path, src in tree.c():
        found = []
        for at, text, lines in src.top():
            if lines or re.match(r"(typedef|extern|_Static_assert|static_assert)\b", text):
                continue
            s = re.sub(r"__attribute__\s*\(\(.*?\)\)|\b(_Alignas|PRINTF)\s*\([^()]*\)", "", text, flags=re.S)
            s = re.sub(r"\[[^\]]*\]", "", s.split("=")[0]).rstrip("; \n")
            if re.fullmatch(r"(struct|union|enum)(\s+\w+)?\s*(\{\})?", s):
                continue
            pointer = re.search(r"\(\s*\*\s*(const\s+)?(\w+)\s*\)\s*\(", s)
            if pointer and "(" not in s[:pointer.start()]:
                if not pointer[1]:
                    found.append((at, pointer[2]))
            elif not pointer and "(" not in s and re.search(r"[\w}]\s+[*\s]*\w+(\s*,\s*[*\s]*\w+)*$|\*\s*\w+$", s):
                for declared in s.split(","):
                    if not re.search(r"\bconst\b", declared.rsplit("*", 1)[-1] if "*" in declared else s):
                        found.append((at, re.search(r"(\w+)\s*$", declared)[1]))
        for m in re.finditer(r"^[ \t]+static\s+(?!inline)([^;=({]*?)(\w+)\s*(\[[^;=]*\])?\s*[;=]", src.plain, re.M):
            if "const" not in m[1].rsplit("*", 1)[-1].split():
                found.append((src.line(m.start()), m[2]))
        for at, name in found:
            if f"{path}:{name}" not in STATE:
                yield path, at, f"{name} can change"


@rule({"src/base/a.c": "#include <stdio.h>\n"}, {"tools/a.sh": "#!/bin/sh\nset -eu\n"}, {"tests/a.py": "import os\n"},
      {"tests/unit/a.c": "// x\nint main(void);\n"}, {"assets/a.js": "let x;\n"}, {"tests/e2e/a.mjs": "#!/usr/bin/env node\nlet x;\n"},
      good=[{"assets/a.css": "/* x */\n", "tests/e2e/a.mjs": "#!/usr/bin/env node\n// x\n"},
            {"src/base/a.c": HEAD, "tools/a.sh": "#!/bin/sh\n# x\n", "tests/a.py": '#!/usr/bin/env python3\n"""x"""\n'}])
def files_say_what_they_are_for(tree):
    """A file begins by saying what it is for."""
    for path, text in tree.files.items():
        if is_c(path):
            good = text.startswith("/*")
        elif path.endswith((".js", ".mjs", ".css")):
            good = re.sub(r"\A#![^\n]*\n", "", text).startswith(("/*", "//"))
        elif path.endswith((".sh", ".py")) or text.startswith("#!"):
            body = re.sub(r"\A#![^\n]*\n", "", text)
            good = body.startswith(("#", '"""', 'r"""')) or not body.strip()
        else:
            continue
        if not good:
            yield path, 1, "no head comment"


@rule({"src/party/a.c": HEAD + "#define ALLOW_MALLOC\n"},
      good=[{"src/base/arena.c": HEAD + "#define ALLOW_MALLOC\n"}, {"tests/unit/a.c": HEAD + "#define ALLOW_MALLOC\n"}])
def memory_is_listed(tree):
    """Files that hold memory beyond an arena are listed here, with their reason."""
    for path, src in tree.c():
        for m in re.finditer(r"#[ \t]*define[ \t]+ALLOW_MALLOC", src.code):
            if path not in MALLOC_FILES:
                yield path, src.line(m.start()), "ALLOW_MALLOC"


@rule({"src/model/a.c": HEAD + 'const char *const s = "create  trigger t";\n'}, {"rules/a.sql": "WITH RECURSIVE t AS ("},
      {"src/db/a.c": HEAD + 'const char *const s = "WITH "\n    "RECURSIVE t";\n'}, good=[{"src/db/db.h": "/* no WITH RECURSIVE */\n"}])
def citus_can_run_it(tree):
    """No triggers and no recursive queries."""
    wrong = r"CREATE\s+(CONSTRAINT\s+)?TRIGGER|WITH\s+RECURSIVE"
    for path, src in tree.c():
        for at, s in src.strings():
            if re.search(wrong, s, re.I):
                yield path, at, s[:60]
    yield from tree.grep(r"(?i)" + wrong, only=lambda p: p.endswith((".sql", ".json")))


@rule({"src/party/a.c": HEAD + "void f(void)\n{\n    goto out;\nout:\n    g();\n}\n"},
      {"src/db/a.c": HEAD + "void f(void)\n{\nagain:\n    g();\n    goto again;\n}\n"},
      good=[{"src/fmt/a.c": HEAD + "void f(void)\n{\n    goto out;\nout:\n    g();\n}\nvoid h(void)\n{\n    goto out;\nout:\n    g();\n}\n"}])
def goto_goes_forward(tree):
    """goto goes forward, and only in src/db and src/fmt."""
    for path, src in tree.c():
        for m in re.finditer(r"\bgoto\s+(\w+)\s*;", src.plain):
            end = re.compile(r"^\}", re.M).search(src.plain, m.end())
            ahead = re.search(rf"^\s*{m[1]}:", src.plain[m.end():end.start() if end else None], re.M)
            if layer(path) not in ("db", "fmt") or not ahead:
                yield path, src.line(m.start()), m[0]


@rule({"src/base/a.c": HEAD, "src/meson.build": "base = static_library('base', files('base/b.c'))"},
      {"tests/unit/test_a.c": HEAD, "tests/meson.build": "foreach t : ['b']"}, {"src/base/a.c": HEAD},
      good=[{"src/base/a.c": HEAD, "src/meson.build": "files('base/a.c')"}, {"src/base/a.c": HEAD, "src/base/meson.build": "files('a.c')"},
            {"tests/unit/test_a.c": HEAD, "tests/meson.build": "foreach t : ['a']"}, {"tests/compile/a.c": HEAD}])
def sources_are_built(tree):
    """Every C file is named in a meson.build (by its path from there, or by its stem in a list)."""
    builds = {str(PurePosixPath(p).parent): t for p, t in tree.files.items() if p.endswith("meson.build")}
    for path in sorted(tree.files):
        if not path.endswith(".c") or path.startswith("tests/compile/"):
            continue
        stem = PurePosixPath(path).stem
        lists = [f"'{stem}'", f"'{stem.removeprefix('test_')}'", f"'{stem.removeprefix('fuzz_')}'"]
        for folder, text in builds.items():
            below = os.path.relpath(path, folder)
            if not below.startswith("..") or f"'{below}'" in text:
                if f"'{below}'" in text or any(s in text for s in lists):
                    break
        else:
            yield path, 1, "in no meson.build"


@rule({"src/base/a.c": HEAD + "\tint x;\n"}, {"src/base/a.h": HEAD + "int x; \n"}, {"README.md": "x  \n"}, {"tools/a.sh": "# x\r\n"},
      {"tests/a.py": '"""x"""'}, good=[{"Makefile": "x:\n\ty\n"}, {"src/base/a.c": HEAD + 'const char *const t = "\\t";\n'}])
def white_space_is_clean(tree):
    """No white space at ends of lines, no tabs in C, a newline at the end."""
    kinds = (".c", ".h", ".py", ".sh", ".md", ".json", ".build", ".js", ".mjs", ".css")
    ours = lambda p: p.endswith(kinds)
    for path, at, _ in tree.grep(r"[ \t\r]+$", only=ours):
        yield path, at, "white space at the end of a line"
    for path, at, _ in tree.grep(r"\t", only=is_c):
        yield path, at, "tab"
    for path, text in tree.files.items():
        if ours(path) and text and not text.endswith("\n"):
            yield path, text.count("\n") + 1, "no newline at the end"


@rule({"tools/a.sh": "# x\ncd /" "work/main\n"}, {"src/base/a.c": HEAD + 'const char *const s = "/' 'tmp/x";\n'}, {"README.md": "see /" "root/x\n"},
      good=[{"tests/unit/a.c": HEAD + 'const char *const s = "/' 'tmp/x";\n', "README.md": "net/work/x ${TMPDIR:-/tmp}/x\n"}])
def no_forbidden_words(tree):
    """No paths of somebody's machine, no marks of a merge, no word of the list in DANGBO_LINT_WORDS."""
    words = list(WORDS)
    if os.environ.get("DANGBO_LINT_WORDS"):
        words += [w for w in Path(os.environ["DANGBO_LINT_WORDS"]).read_text().splitlines() if w]
    yield from tree.grep("|".join(f"(?:{w})" for w in words), only=lambda p: p != "LICENSE")
    yield from tree.grep("|".join(WORDS_NOT_IN_TESTS), only=lambda p: not p.startswith("tests/"))


def read_tree():
    files = {}
    for folder, dirs, names in os.walk(ROOT):
        dirs[:] = sorted(d for d in dirs if d not in SKIPPED)
        for name in set(names) - SKIPPED:
            path = Path(folder, name)
            data = path.read_bytes()
            if b"\0" not in data:
                files[path.relative_to(ROOT).as_posix()] = data.decode("utf-8", "replace")
    return Tree(files)


def finish(passed, wrong):
    print(f"{passed} passed, {wrong} failed")
    return 1 if wrong else 0


def self_test():
    passed = wrong = 0
    for check, bad, good in RULES:
        cases = [(files, True) for files in bad] + [(files, False) for files in good]
        for files, refused in cases:
            found = list(check(Tree(dict(files))))
            if bool(found) == refused:
                passed += 1
            else:
                wrong += 1
                print(f"{check.__name__}: {'not refused' if refused else f'refused ({found})'}: {files}")
    return finish(passed, wrong)


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    tree = read_tree()
    wrong = 0
    for check, _, _ in RULES:
        found = sorted(set(check(tree)))
        wrong += bool(found)
        if found:
            print(f"{check.__name__}: {check.__doc__.splitlines()[0]}")
        for path, at, what in found:
            print(f"  {path}:{at}: {what}")
    return finish(len(RULES) - wrong, wrong)


if __name__ == "__main__":
    sys.exit(main())
