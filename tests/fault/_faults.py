"""What the fault tests share, beside tests/cli/_dangbo.py: a journal of acknowledged writes, and registers to import."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from _dangbo import *  # noqa: E402, F403
from _dangbo import PROGRAM, environment  # noqa: E402


class Journal:
    """Codes whose writing was acknowledged (exit 0), each on the disk before it counts."""

    def __init__(self):
        self.fd, self.path = tempfile.mkstemp(prefix="dangbo-journal-")
        self.codes = []

    def acknowledged(self, code):
        os.write(self.fd, (code + "\n").encode())
        os.fsync(self.fd)
        self.codes.append(code)

    def close(self):
        os.close(self.fd)
        os.unlink(self.path)


def start(store, *args):
    return subprocess.Popen([PROGRAM, *store.option, *args], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment())


def register(path, first, n, cell="A"):
    """A register of n members as CSV, codes from I<first>."""
    with open(path, "w", encoding="utf-8") as f:
        f.write("Mã hồ sơ,Họ và tên,Ngày sinh,Giới tính,Chi bộ,Ngày vào Đảng\n")
        for i in range(first, first + n):
            f.write(f"I{i},Nguyễn Văn {chr(65 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676 % 26)},{1 + i % 28:02}/{1 + i % 12:02}/{1950 + i % 50},Nam,{cell},"
                    f"{1 + i % 28:02}/{1 + i % 12:02}/{2005 + i % 15}\n")
    return path
