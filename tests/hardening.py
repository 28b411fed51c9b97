#!/usr/bin/env python3
"""Reads in the ELF files what hardening the compiler and the linker were asked for: hardening.py PROGRAM [BUILD].
With the build folder it also reads its object files. --self-test shows each check a program without hardening, which it
must refuse. Ends with `N passed, N failed`."""
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

X86 = platform.machine() in ("x86_64", "i686")
MAX_BYTES = 15_000_000  # of code and data; debug information is not counted


class Elf:
    def __init__(self, path):
        read = lambda *args: subprocess.run(["readelf", *args, str(path)], capture_output=True, text=True, check=True).stdout
        self.segments = read("-lW")
        self.dynamic = read("-dW")
        self.symbols = read("--dyn-syms", "-W")
        self.header = read("-hW")
        self.path = path

    def segment(self, name):
        """(file size, flags) of each segment of a type."""
        found = re.findall(rf"^\s+{name}\s+0x\w+\s+0x\w+\s+0x\w+\s+0x(\w+)\s+0x\w+\s+([RWE ]+?)\s+0x", self.segments, re.M)
        return [(int(size, 16), flags) for size, flags in found]

    def function(self, name):
        """The first instruction of a function."""
        code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", f"--disassemble={name}", str(self.path)],
                              capture_output=True, text=True).stdout
        found = re.search(rf"<{name}>:\n\s*\w+:\s+(\S+)", code)
        return found[1] if found else ""


CHECKS = {
    "its place in memory is random (PIE)": lambda e: "DYN" in e.header and re.search(r"FLAGS_1.*\bPIE\b", e.dynamic),
    "relocations become read-only (RELRO)": lambda e: e.segment("GNU_RELRO"),
    "all symbols are bound at the start (BIND_NOW)": lambda e: re.search(r"\bBIND_NOW\b|FLAGS_1.*\bNOW\b", e.dynamic),
    "the stack is not executable": lambda e: e.segment("GNU_STACK") and "E" not in e.segment("GNU_STACK")[0][1],
    "no memory is writable and executable": lambda e: not any({"W", "E"} <= set(f) for _, f in e.segment(r"(?:LOAD|GNU_STACK)")),
    "no search path for libraries": lambda e: not re.search(r"\((RPATH|RUNPATH)\)", e.dynamic),
    "stack protector": lambda e: "__stack_chk_fail" in e.symbols,
    "checked library functions (FORTIFY)": lambda e: re.search(r"\b__\w+_chk\b", e.symbols.replace("__stack_chk", "")),
}
if X86:
    CHECKS["branch targets are marked (CET)"] = lambda e: e.function("main") == "endbr64"
SIZE = {"not larger than 15 MB": lambda e: sum(size for size, _ in e.segment("LOAD")) <= MAX_BYTES}


def unmarked(build):
    """Object files without the property that lets the machine check branches: one is enough to switch it off."""
    for path in sorted(Path(build).rglob("*.o")):
        if "-san" not in path.relative_to(build).parts[0]:
            notes = subprocess.run(["readelf", "-nW", str(path)], capture_output=True, text=True).stdout
            if not ("IBT" in notes and "SHSTK" in notes):
                yield path


def self_test():
    source = '#include <string.h>\nint main(int n, char **a)\n{\n    char s[64];\n    strcpy(s, a[0]);\n    return s[n];\n}\n'
    soft = ["-O0", "-no-pie", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-Wl,-z,norelro,-z,lazy,-z,execstack", "-Wl,-rpath,/nowhere",
            *(["-fcf-protection=none"] if X86 else [])]
    with tempfile.TemporaryDirectory() as scratch:
        c = Path(scratch, "soft.c")
        c.write_text(source)
        subprocess.run(["cc", "-w", *soft, "-o", str(c.with_suffix("")), str(c)], check=True, capture_output=True)
        elf = Elf(c.with_suffix(""))
        return [(f"refuses a program without: {name}", not check(elf)) for name, check in CHECKS.items()]


def main():
    if sys.argv[1] == "--self-test":
        results = self_test()
    else:
        elf = Elf(sys.argv[1])
        results = [(name, bool(check(elf))) for name, check in {**CHECKS, **SIZE}.items()]
        if X86 and sys.argv[2:]:
            without = list(unmarked(sys.argv[2]))
            results.append((f"every object is marked for CET {[str(p) for p in without[:3]] or ''}", not without))
    for name, ok in results:
        if not ok:
            print(f"FAILED {sys.argv[1]}: {name}")
    wrong = sum(not ok for _, ok in results)
    print(f"{len(results) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
