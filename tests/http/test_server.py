#!/usr/bin/env python3
"""The server as a service: limits to the byte, requests that could be read in two ways, slow clients, health, figures, stopping,
certificates. Bytes are written by hand: a library would mend what must be refused."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

from _web import Browser, Store, Web, check, run_tests, same, test
from _dangbo import CLEAN, dangbo

HOST = b"Host: localhost\r\n"
CLOSE = b"Connection: close\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SLOW = float(os.environ.get("DANGBO_SLOW", "1"))


def ask(web, raw, wait=30):
    """Status and body of what is answered to these bytes; 0 when the server only hangs up."""
    with socket.create_connection(("127.0.0.1", web.port), wait) as s:
        s.settimeout(wait)
        whole = b""
        try:
            s.sendall(raw)
        except OSError:
            pass
        try:
            while d := s.recv(65536):
                whole += d
        except ConnectionResetError:
            pass
        except TimeoutError:
            return -1, whole
    found = re.match(rb"HTTP/1\.1 (\d{3})", whole)
    return (int(found.group(1)) if found else 0), whole


def get(path=b"/robots.txt", more=b""):
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + CLOSE + more + b"\r\n"


def post(head, body=b""):
    return b"POST /language HTTP/1.1\r\n" + HOST + CLOSE + head + b"\r\n" + body


def sized(body):
    return post(FORM + b"Content-Length: %d\r\n" % len(body), body)


def fields(n):
    return b"&".join(b"a%d=1" % i for i in range(n))


def filler(n):
    """A head of exactly n bytes."""
    return get(more=b"X: " + b"a" * (n - len(get()) - 5) + b"\r\n")


@test
def limits_are_exact():
    with Web(Store()) as web:
        cases = [
            ("a head of 16 KB", filler(16384), 200), ("one byte more", filler(16385), 431), ("a head that fits no memory", filler(100000), 431),
            ("100 headers", get(more=b"".join(b"X-%d: a\r\n" % i for i in range(98))), 200), ("101 headers", get(more=b"".join(b"X-%d: a\r\n" % i for i in range(99))), 431),
            ("an address of 8 KB", get(b"/robots.txt?a=" + b"b" * (8192 - 14)), 200), ("one byte more", get(b"/robots.txt?a=" + b"b" * (8193 - 14)), 414),
            ("a body of 1 MB", sized(b"a=" + b"b" * (1048576 - 2)), 303), ("one byte more, announced", post(FORM + b"Content-Length: 1048577\r\n"), 413),
            ("one byte more, in pieces", post(FORM + b"Transfer-Encoding: chunked\r\n", b"100001\r\na=" + b"b" * 1048575 + b"\r\n0\r\n\r\n"), 413),
            ("1,000 fields", sized(fields(1000)), 303), ("1,001 fields", sized(fields(1001)), 400),
        ]
        for what, raw, wanted in cases:
            status, body = ask(web, raw)
            same(status, wanted, what)
            if wanted >= 400 and len(raw) < 30000:
                check(b"<h1" in body or len(raw) > 30000, f"{what}: our page says so", body[:600])


@test
def what_could_be_read_in_two_ways_is_refused():
    chunks = b"3\r\na=b\r\n0\r\n\r\n"
    with Web(Store()) as web:
        cases = [
            ("length and pieces", post(FORM + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", chunks), 400),
            ("two hosts", get(more=b"Host: other\r\n"), 400), ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
            ("two lengths, the same", post(FORM + b"Content-Length: 3\r\nContent-Length: 3\r\n", b"a=b"), 400),
            ("two lengths", post(FORM + b"Content-Length: 3\r\nContent-Length: 4\r\n", b"a=bb"), 400),
            ("a length with a sign", post(FORM + b"Content-Length: +3\r\n", b"a=b"), 400), ("a list of lengths", post(FORM + b"Content-Length: 3, 3\r\n", b"a=b"), 400),
            ("a length below zero", post(FORM + b"Content-Length: -3\r\n", b"a=b"), 400),
            ("a piece of no size", post(FORM + b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"), 400),
            ("a size in C", post(FORM + b"Transfer-Encoding: chunked\r\n", b"0x3\r\na=b\r\n0\r\n\r\n"), 400),
            ("an encoding that is none", post(FORM + b"Transfer-Encoding: xchunked\r\n", chunks), 501),
            ("an encoding before another", post(FORM + b"Transfer-Encoding: gzip, chunked\r\n", chunks), 501),
            ("two encodings", post(FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunks), 400),
            ("a folded header", get(more=b"X: a\r\n b\r\n"), 400), ("a folded length", post(FORM + b"Content-Length:\r\n 3\r\n", b"a=b"), 400),
            ("a folded header at the end", get(more=b"Y: c\r\nX: a\r\n\tb\r\n"), 400),
            ("a blank before the colon", get(more=b"X : a\r\n"), 400), ("a NUL in a header", get(more=b"X: a\0b\r\nY: c\r\n"), 400),
            ("a NUL in the last header", get(more=b"X: a\0b\r\n"), 400), ("a name twice in a form", sized(b"a=1&a=2"), 400), ("a name twice in the address", get(b"/?a=1&a=2"), 400),
            ("a NUL in the path", get(b"/robots.txt%00"), 404), ("and something behind it", get(b"/robots.txt%00.html"), 404), ("a NUL in the address", get(b"/robots.txt?a=b%00c"), 400),
            ("a path escaped twice", get(b"/%2572obots.txt"), 404), ("a path escaped once", get(b"/%72obots.txt"), 200),
            ("HTTP/2.0 by words", b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505), ("TRACE", b"TRACE / HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n", 405),
            ("pieces as they should be", post(FORM + b"Transfer-Encoding: chunked\r\n", chunks), 303), ("a length as it should be", sized(b"a=b"), 303),
        ]
        for what, raw, wanted in cases:
            same(ask(web, raw)[0], wanted, what)
        # What follows a request that was refused is not read as another.
        status, whole = ask(web, post(FORM + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", chunks) + get())
        same((status, whole.count(b"HTTP/1.1 ")), (400, 1), "nothing after it is answered")


@test
def a_head_may_come_byte_by_byte_and_two_in_one():
    with Web(Store()) as web, socket.create_connection(("127.0.0.1", web.port), 20) as s:
        for b in get(more=b"".join(b"X-%d: some words of it\r\n" % i for i in range(20))).replace(CLOSE, b""):
            s.sendall(bytes([b]))
        same(s.recv(65536)[:12], b"HTTP/1.1 200", "a head in single bytes")
        s.sendall(get().replace(CLOSE, b"") * 2)
        time.sleep(0.5)
        same(s.recv(65536).count(b"HTTP/1.1 200"), 2, "two requests in one piece")


@test
def files_are_sent_once():
    with Web(Store()) as web:
        page = Browser(web).get("/sign-in" if b"/setup" not in ask(web, get(b"/sign-in"))[1] else "/setup")
        found = re.findall(r"/s/[a-z]+\.[0-9a-f]{10}\.(?:css|js)", page.text_body)
        check(len(found) >= 1, "a page names its files", page.told())
        for path in set(found):
            b = Browser(web)
            plain = b.get(path)
            zipped = b.request("GET", path, headers={"Accept-Encoding": "gzip"})
            import gzip
            same(gzip.decompress(zipped.body), plain.body, f"{path}: compressed is the same")
            check("immutable" in plain.headers["cache-control"] and len(zipped.body) < len(plain.body) / 2, "kept for a year, sent small", plain.headers)
            same(b.request("GET", path, headers={"If-None-Match": plain.headers["etag"]}).status, 304, "not sent again")
            head = b.request("HEAD", path)
            same((head.status, head.body, head.headers["content-length"]), (200, b"", str(len(plain.body))), "HEAD")
        same(ask(web, get(b"/robots.txt"))[1].split(b"\r\n\r\n")[1], b"User-agent: *\nDisallow: /\n", "nothing for search engines")
        same(ask(web, get(b"/favicon.ico"))[0], 200, "an icon by its old name")


@test
def slow_clients_are_cut_off():
    with Web(Store()) as web:
        started, ends = time.monotonic(), {}

        def slowly(what, first, again, pause):
            with socket.create_connection(("127.0.0.1", web.port), 60) as s:
                s.sendall(first)
                s.settimeout(pause)
                while time.monotonic() - started < 40:
                    try:
                        if not s.recv(1000):
                            break
                    except TimeoutError:
                        pass
                    except OSError:
                        break
                    try:
                        s.sendall(again)
                    except OSError:
                        break
                ends[what] = time.monotonic() - started
        all_ = [threading.Thread(target=slowly, args=a) for a in (
            ("head", b"GET / HTTP/1.1\r\n", b"X: a\r\n", 1), ("silent", b"", b"", 1), ("body", post(FORM + b"Content-Length: 100000\r\n"), b"abc", 1))]
        for t in all_:
            t.start()
        for t in all_:
            t.join()
        for what, limit in (("head", 12), ("silent", 12), ("body", 13)):
            check(8 < ends[what] < limit * SLOW, f"{what}: ended within {limit} s", ends)


@test
def many_slow_clients_leave_room_for_others():
    with Web(Store(), "--connections", "200") as web:
        held, stop = [], threading.Event()

        def hold():
            while not stop.is_set():
                for s in list(held):
                    try:
                        s.sendall(b"X: a\r\n")
                    except OSError:
                        held.remove(s)
                while len(held) < 300 and not stop.is_set():
                    try:
                        s = socket.create_connection(("127.0.0.1", web.port), 5)
                        s.sendall(b"GET / HTTP/1.1\r\n")
                        held.append(s)
                    except OSError:
                        break
                time.sleep(0.2)
        t = threading.Thread(target=hold)
        t.start()
        time.sleep(2)
        took, bad = [], 0
        for _ in range(300):
            began = time.monotonic()
            bad += ask(web, get(), 10)[0] != 200
            took.append(time.monotonic() - began)
        stop.set()
        t.join()
        for s in held:
            s.close()
        took.sort()
        same(bad, 0, "all others are answered")
        check(took[int(len(took) * 0.99)] < 0.2 * SLOW, "99 of 100 within 200 ms", took[-10:])


def health(web, port, path):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.request("GET", path)
    r = c.getresponse()
    return r.status, r.read().decode()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@test
def health_and_figures_stand_beside():
    port = free_port()
    with Web(Store(), "--metrics", f"127.0.0.1:{port}") as web:
        for _ in range(3):
            ask(web, get())
        ask(web, get(b"/nothing/here?q=secret"))
        same(health(web, port, "/livez")[0], 200, "it lives")
        status, told = health(web, port, "/readyz")
        check(status == 200 and "schema ok" in told and "writing ok" in told, "it is ready", told)
        text = health(web, port, "/metrics")[1]
        check('route="/robots.txt",le="+Inf"} 3' in text and "dangbo_build_info{" in text and "secret" not in text, "figures by route", text)
        check(len(text.splitlines()) < 1000, "not too many series")
        if shutil.which("promtool"):
            done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True)
            check(done.returncode == 0 and not done.stdout.strip(), "promtool finds nothing", done.stdout, done.stderr)
        for path in ("/livez", "/readyz", "/metrics", "/healthz", "/debug", "/server-status"):
            same(ask(web, get(path.encode()))[0], 404, f"{path} is not for everybody")
        same(health(web, port, "/")[0], 404, "nothing else stands there")


@test
def lines_of_log_tell_nothing_personal():
    with Web(Store()) as web:
        ask(web, get(b"/person/7001?q=nguyen%0d%0a%22injected", b"User-Agent: \"} {\r\n"))
        ask(web, get(b"/r/%0aforged"))
        web.stop()
        lines = (web.store.folder / "server.log").read_text().splitlines()[1:]
        check(lines and all(isinstance(json.loads(x), dict) for x in lines), "each line is JSON", lines)
        told = "\n".join(lines)
        check(not any(x in told for x in ("7001", "nguyen", "injected", "forged")), "no ids, words or forged lines", told)
        first = json.loads(lines[0])
        check({"ts", "level", "event", "req_id", "account", "route", "status", "dur_ms"} <= set(first) and first["ts"].endswith("Z"), "what a line has", first)


@test
def it_stops_cleanly_with_much_in_flight():
    with Web(Store()) as web:
        answers = []

        def keep_asking():
            while True:
                try:
                    status, whole = ask(web, sized(b"a=b"), 20)
                except OSError:
                    return
                if status in (0, -1):
                    answers.append(whole)
                    return
        all_ = [threading.Thread(target=keep_asking) for _ in range(40)]
        for t in all_:
            t.start()
        time.sleep(0.5)
        began = time.monotonic()
        web.process.send_signal(signal.SIGTERM)
        code = web.process.wait(30)
        took = time.monotonic() - began
        for t in all_:
            t.join()
        same(code, 0, "ended with 0")
        check(took < 10, "within 10 s", took)
        check(all(not a for a in answers), "no answer was cut in half", [a[:200] for a in answers if a])


@test
def it_tells_who_started_it():
    store = Store()
    told = store.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind(str(told))
        s.settimeout(15)
        CLEAN["NOTIFY_SOCKET"] = str(told)
        try:
            with Web(store):
                same(s.recv(100), b"READY=1", "ready")
                same(s.recv(100), b"WATCHDOG=1", "a sign of life")
            same(s.recv(100).replace(b"WATCHDOG=1", b"") or s.recv(100), b"STOPPING=1", "stopping")
        finally:
            del CLEAN["NOTIFY_SOCKET"]


def handshake(port, **limits):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
    for k, v in limits.items():
        c.set_ciphers(v) if k == "ciphers" else setattr(c, k, v)
    s = c.wrap_socket(socket.create_connection(("127.0.0.1", port), 20))
    return s, s.version(), s.cipher()[0], s.getpeercert(binary_form=True)


def refused(port, **limits):
    try:
        handshake(port, **limits)[0].close()
        return False
    except (OSError, ValueError):
        return True


def make_certificate(folder, name):
    where = folder / name
    where.mkdir()
    done = dangbo("tls", "init", "--data", where, "--name", "localhost")
    if done.rc:
        raise RuntimeError(done.told())
    return where / "tls"


@test
def tls_is_strict_and_certificates_are_exchanged():
    store = Store()
    first, second = (make_certificate(store.folder, n) for n in ("one", "two"))
    live = store.folder / "live"
    shutil.copytree(first, live)
    cert, key = live / "server.pem", live / "server.key"
    with Web(store, "--tls-cert", str(cert), "--tls-key", str(key)) as web:
        s, version, cipher, was = handshake(web.port)
        same(version, "TLSv1.3", "the newest")
        same(handshake(web.port, maximum_version=ssl.TLSVersion.TLSv1_2)[1], "TLSv1.2", "the one before")
        check(refused(web.port, ciphers="ALL:@SECLEVEL=0", minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1), "nothing older")
        for weak in ("AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES256-SHA"):
            check(refused(web.port, ciphers=weak + ":@SECLEVEL=0", maximum_version=ssl.TLSVersion.TLSv1_2), f"not {weak}")
        shutil.copytree(second, live, dirs_exist_ok=True)
        web.process.send_signal(signal.SIGHUP)
        for _ in range(100):
            now = handshake(web.port)[3]
            if now != was:
                break
            time.sleep(0.1)
        check(now != was, "a new handshake has the new certificate")
        s.sendall(get())
        check(s.recv(1000).startswith(b"HTTP/1.1 200"), "who was connected stays so")
        cert.write_text("no certificate")
        web.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        same(handshake(web.port)[3], now, "a broken file leaves the former one")


if __name__ == "__main__":
    run_tests()
