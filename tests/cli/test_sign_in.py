"""The first administrator's token, passwords that are easy to guess, tokens of programs, and the office's own TLS authority."""
import json
import os
import re
import socket
import ssl
import threading

from _dangbo import ENGINE, ROOT, Store, check, dangbo, fresh_world, refused, run_tests, same, test

GOOD = "ba con mèo trắng ngồi hiên"
TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}\n$")


def kept(s):
    return [r[0] for r in s.sql("SELECT value FROM secret WHERE name = 'setup'")]


@test
def the_first_administrator():
    s = Store(init=False)
    r = s("init")
    check(r.rc == 0 and TOKEN.match(r.out), "init prints the token alone on standard output", r)
    check("/setup" in r.err and "dangbo setup" in r.err, "and says what it is for", r)
    same(s.one("SELECT count(*) FROM account"), "0", "there is no account by default")
    first = r.out.strip()
    check(first not in str(s.dump()), "the token itself is not stored")
    again = s.ok("setup")
    check(TOKEN.match(again.out) and again.out.strip() != first, "another one", again)
    same(len(kept(s)), 1, "the one before it is gone")
    check(json.loads(s.ok("setup", "--json").out)["minutes"] == 60, "as JSON, with how long it works")
    english = s.ok("setup", "--lang", "en")
    check("first administrator" in english.err, "in English", english)
    s.sound("the audit has it")
    s.ok("user", "add", "qt.an", "--password-file", "-", stdin=GOOD)
    check(s("setup").rc == 0, "an account without the role administers nothing")
    s.add("grant", account="qt.an", role="technical_admin", reason="người quản trị")
    refused(s("setup"), 1, "quản trị", "user add")
    refused(s("setup", as_="qt.an"), 77, "--as")
    s.ok("user", "lock", "qt.an")
    check(s("setup").rc == 0, "whoever is locked administers nothing")


@test
def guessable_passwords():
    s = fresh_world()
    for word in ("matkhau123456", "Đảng bộ 2026!!", "Chi bộ thôn 1234", "nguyenvanduc1970", "nv.duc nv.duc", "qwertyuiop123"):
        r = s("user", "add", "nv.duc", "--person", "P1", "--name", "Nguyễn Văn Đức", "--password-file", "-", stdin=word)
        refused(r, 65, "dễ đoán")
    same(s.json("user", "list"), [], "no account was made")
    s.ok("user", "add", "nv.duc", "--person", "P1", "--must-change", "--password-file", "-", stdin=GOOD)
    same(s.one("SELECT must_change FROM account"), "1", "to be changed at the first sign-in")
    refused(s("user", "passwd", "nv.duc", "--password-file", "-", stdin="27/03/1970 nv.duc"), 65, "dễ đoán")  # the day of birth of its person
    s.ok("user", "passwd", "nv.duc", "--password-file", "-", stdin="khoai lang nướng bếp củi")
    same(s.one("SELECT must_change FROM account"), "0", "not any more")
    check("argon2" not in s.ok("account", "history", "nv.duc", "--json").out, "no hash in the history")


def session_row(s, number):
    account = s.one("SELECT id FROM account WHERE login = 'nv.duc'")
    s.script(f"INSERT INTO session (shard, hash, id, account, created, seen, fresh, strength) VALUES (0, '{number:064x}', {number}, {account}, 1, 1, 1, 'password')")


@test
def sessions_end_with_the_account():
    s = fresh_world()
    for verb, more in (("passwd", ["--password-file", "-"]), ("lock", [])):
        t = s.clone()
        t.ok("user", "add", "nv.duc", "--password-file", "-", stdin=GOOD)
        session_row(t, 1)
        session_row(t, 2)
        t.ok("user", verb, "nv.duc", *more, stdin="khoai lang nướng bếp củi")
        same(t.one("SELECT count(*) FROM session"), "0", f"user {verb}: all are signed out")
        t.sound()
    t = s.clone()
    t.ok("user", "add", "nv.duc", "--password-file", "-", stdin=GOOD)
    session_row(t, 1)
    t.ok("account", "remove", "nv.duc")
    same(t.one("SELECT count(*) FROM session"), "0", "an account that is removed")


@test
def tokens():
    s = fresh_world()
    s.ok("user", "add", "nv.duc", "--person", "P1", "--password-file", "-", stdin=GOOD)
    r = s.ok("token", "add", "nv.duc", "--name", "Máy chủ báo cáo", "--scopes", "read,export")
    check(TOKEN.match(r.out) and "90" in r.err, "a token, shown once", r)
    check(r.out.strip() not in str(s.dump()), "it is not stored")
    listed = s.json("token", "list", "nv.duc")
    same([(t["login"], t["name"], t["scopes"], t["used"], t["ended"]) for t in listed], [("nv.duc", "Máy chủ báo cáo", "read,export", None, None)], "the list")
    check("còn hiệu lực" in s.ok("token", "list").out, "as text")
    refused(s("token", "add", "nv.duc", "--name", "x y", "--scopes", "root"), 65, "read, write, import, export")
    refused(s("token", "add", "nv.duc", "--name", "x y", "--scopes", "read", "--days", "366"), 65, "365")
    refused(s("token", "add", "nv.duc", "--name", "x y", "--scopes", "read", "--days", "x"), 64, "--days")
    refused(s("token", "add", "nv.duc", "--scopes", "read"), 64, "--name")
    refused(s("token", "add", "nobody", "--name", "x y", "--scopes", "read"), 1, "nobody")
    refused(s("token", "list", as_="nv.duc"), 77, "--as")
    refused(s("token", "end", "1"), 1, "token list")
    s.ok("token", "end", listed[0]["id"])
    check(s.json("token", "list")[0]["ended"], "ended")
    refused(s("token", "end", listed[0]["id"]), 1)
    same([r[0] for r in s.sql("SELECT act FROM audit WHERE act LIKE 'token%' ORDER BY id")], ["token_made", "token_ended"], "both in the audit")
    for i in range(20):
        s.ok("token", "add", "nv.duc", "--name", f"Máy {i}", "--scopes", "read")
    refused(s("token", "add", "nv.duc", "--name", "Máy 20", "--scopes", "read"), 65, "20")
    s.ok("token", "end", s.json("token", "list", "nv.duc")[0]["id"])
    s.ok("token", "add", "nv.duc", "--name", "Máy 20", "--scopes", "read")
    s.sound()


def handshake(folder, name):
    """A TLS handshake in memory, by a client that trusts ca.pem alone; the certificate as it sees it."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=folder / "ca.pem")
    server.load_cert_chain(folder / "server.pem", folder / "server.key")
    a, b = socket.socketpair()
    def serve():
        try:
            with server.wrap_socket(a, server_side=True) as t:
                t.recv(1)
        except (ssl.SSLError, OSError):
            a.close()
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(b, server_hostname=name) as t:
            found = t.getpeercert()
            t.send(b"x")
        return found
    except ssl.SSLError as e:
        return str(e)
    finally:
        b.close()
        thread.join()


@test
def own_authority():
    if ENGINE != "SQLite":
        return
    s = Store()
    folder = s.folder / "data" / "tls"
    r = s.ok("tls", "init", "--name", "vanphong.lan,192.168.1.10,fd00::7")
    same(r.out.split(), [str(folder / n) for n in ("ca.pem", "server.pem", "server.key")], "the files on standard output")
    for word in ("Windows", "Android", "ca.pem", "SHA-256", "https://vanphong.lan", "https://[fd00::7]"):
        check(word in r.err, f"it says what to do: {word}", r)
    same(sorted((n, oct(os.stat(folder / n).st_mode & 0o777)) for n in os.listdir(folder)), [(n, "0o600") for n in ("ca.key", "ca.pem", "server.key", "server.pem")],
         "for their owner only")
    for name in ("vanphong.lan", "192.168.1.10", "fd00::7", "localhost", "127.0.0.1", "::1"):
        check(isinstance(handshake(folder, name), dict), f"a client that trusts ca.pem reaches {name}", handshake(folder, name))
    for name in ("other.lan", "192.168.1.11"):
        check("verif" in str(handshake(folder, name)).lower(), f"and refuses it as {name}", handshake(folder, name))
    ca, key = (folder / "ca.pem").read_bytes(), (folder / "server.key").read_bytes()
    days = (ssl.cert_time_to_seconds(handshake(folder, "localhost")["notAfter"]) - ssl.cert_time_to_seconds(handshake(folder, "localhost")["notBefore"])) / 86400
    same(days, 730, "two years")
    r = s.ok("tls", "init", "--days", "825")
    same((folder / "ca.pem").read_bytes(), ca, "the authority stays")
    check((folder / "server.key").read_bytes() != key and "HUP" in r.err and "Windows" not in r.err, "the server's key is new", r)
    check(isinstance(handshake(folder, "vanphong.lan"), dict), "with the names that it had")
    found = json.loads(s.ok("tls", "init", "--json", "--name", "moi.lan").out)
    same(found["names"], ["moi.lan", "localhost", "127.0.0.1", "::1"], "other names, as JSON")
    check("verif" in str(handshake(folder, "vanphong.lan")).lower(), "those alone")
    refused(s("tls", "init", "--days", "826"), 64, "825")
    refused(s("tls", "init", "--name", "Văn phòng"), 64, "IP")
    refused(s("tls", "init", "--name", "-a.lan"), 64)
    refused(dangbo("tls", "init"), 64, "--data")
    refused(dangbo("tls", "init", "--data", s.folder / "none"), 73, "none")
    (folder / "ca.key").unlink()
    refused(s("tls", "init"), 78, "ca.key")
    (folder / "ca.key").write_bytes(key)
    refused(s("tls", "init"), 78, "ca.key")
    other = Store()
    check("https://" in other.ok("tls", "init").err, "without names: those of the machine")


if __name__ == "__main__":
    run_tests()
