#!/usr/bin/env python3
"""The unit of systemd: hardened as far as it was, and started as its lines say."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from _dangbo import PROGRAM, ROOT, check, dangbo, run_tests, same, test  # noqa: E402

if not shutil.which("systemd-analyze"):
    print("systemd-analyze is not here")
    sys.exit(77)

UNIT = (ROOT / "packaging" / "dangbo.service").read_text()


def installed(folder):
    """The unit as `make install` writes it, over the program under test."""
    to = Path(folder) / "bin"
    to.mkdir()
    os.symlink(PROGRAM if os.path.isabs(PROGRAM) else os.path.abspath(PROGRAM), to / "dangbo")
    unit = Path(folder) / "dangbo.service"
    unit.write_text(UNIT.replace("@BIN@", str(to)))
    return unit


@test
def exposure_is_small():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", installed(folder)], capture_output=True, text=True)
        check(done.returncode == 0, "systemd-analyze security: at most 1.5", done.stdout[-3000:], done.stderr)


@test
def the_unit_is_well_formed():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", installed(folder)], capture_output=True, text=True)
        told = [x for x in done.stderr.splitlines() if "dangbo.service" in x]
        check(not told, "systemd-analyze verify finds nothing", told)


@test
def its_options_are_the_programs():
    line = re.search(r'DANGBO_SERVE=([^"]*)"', UNIT).group(1)
    help_ = dangbo("serve", "--help").out
    for option in re.findall(r"--[a-z-]+", line):
        check(option in help_, f"{option} is an option of serve", help_)
    same(UNIT.count("Type=notify"), 1, "it waits until the server is ready")


if __name__ == "__main__":
    run_tests()
