"""What the tests of pages share: a server on a free port over a fresh store, a browser without JavaScript, signing in.

A `Web` serves a Store of tests/cli/_dangbo.py until the test ends; a `Browser` keeps cookies, follows what it is told to and fills
forms as they stand on the page, with the token that each carries. Further helpers are welcome here."""
import base64
import hashlib
import hmac
import html
import html.parser
import http.client
import io
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from _dangbo import PROGRAM, Store, check, environment, fresh_world, run_tests, same, test  # noqa: E402,F401

PASSWORD = "ba con mèo trắng ngồi hiên"
VOID = {"input", "br", "hr", "img", "meta", "link", "use", "path"}


class Page(html.parser.HTMLParser):
    """What a page says: its forms with their fields as a browser would send them, links, text, headings."""

    def __init__(self, status, headers, body):
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.body = status, headers, body
        self.forms, self.links, self.title, self.h1 = [], [], "", []
        self.tags, self.words = [], []
        self._in, self._form, self._select, self._area, self._taken = [], None, None, None, False
        self.text_body = body.decode("utf-8", "replace")
        if "text/html" in headers.get("content-type", ""):
            self.feed(self.text_body)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words)).strip()

    def handle_starttag(self, tag, attrs):
        a = {k: v if v is not None else "" for k, v in attrs}
        self.tags.append((tag, a))
        if tag not in VOID:
            self._in.append(tag)
        if tag == "form":
            self._form = {"action": a.get("action", ""), "method": a.get("method", "get"), "fields": [], "buttons": [], "attrs": a}
            self.forms.append(self._form)
        elif tag == "a" and "href" in a:
            self.links.append(a["href"])
        elif tag == "h1":
            self.h1.append("")
        if self._form is not None:
            self.field(tag, a)
        if tag in ("p", "li", "td", "th", "div", "tr", "dt", "dd", "option", "label", "h1", "h2", "small"):
            self.words.append(" ")

    def field(self, tag, a):
        name = a.get("name")
        if tag == "input" and name and a.get("type") not in ("submit", "file"):
            if a.get("type") in ("checkbox", "radio") and "checked" not in a:
                return
            self._form["fields"].append((name, a.get("value", "on" if a.get("type") == "checkbox" else "")))
        elif tag == "button" and name:
            self._form["buttons"].append((name, a.get("value", "")))
        elif tag == "textarea" and name:
            self._area = [name, ""]
        elif tag == "select" and name:
            self._select, self._taken = name, False
        elif tag == "option" and self._select:
            first = not any(n == self._select for n, _ in self._form["fields"])
            if "selected" in a or first:
                self._form["fields"] = [f for f in self._form["fields"] if f[0] != self._select] + [(self._select, a.get("value", ""))]

    def handle_endtag(self, tag):
        if tag in self._in:
            while self._in and self._in.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area and self._form:
            self._form["fields"].append(tuple(self._area))
            self._area = None

    def handle_data(self, data):
        if self._area:
            self._area[1] += data.lstrip("\n") if not self._area[1] else data
        if "title" in self._in:
            self.title += data
        elif "h1" in self._in and self.h1:
            self.h1[-1] += data
        if not ({"title", "script", "style"} & set(self._in)):
            self.words.append(data)

    def form(self, action):
        """The form whose action ends so; what is posted before what is asked."""
        found = [f for f in self.forms if urlsplit(f["action"]).path.endswith(action)]
        return next((f for f in found if f["method"] == "post"), found[0] if found else None)

    def told(self):
        return f"{self.status} {self.headers}\n{self.text[:1500] or self.text_body[:1500]}"


class Web:
    """A store being served. Its lines of log are kept: they tell how many statements each answer took."""

    def __init__(self, store, *options):
        self.store = store
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.log = open(store.folder / "server.log", "w+b")
        self.process = subprocess.Popen([PROGRAM, "serve", *store.option, "--listen", f"127.0.0.1:{self.port}", *options], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, env=environment())
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError("the server does not answer: " + self.told())

    def told(self):
        return (self.store.folder / "server.log").read_text("utf-8", "replace")[-3000:]

    def lines(self):
        """The log, line by line, as far as it is JSON."""
        found = []
        for line in (self.store.folder / "server.log").read_text("utf-8", "replace").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                pass
        return found

    def stop(self):
        """Stops the server and looks at what it left behind; the store can then be used by commands again."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                check(False, "the server stops when told to", self.told())
        told = (self.store.folder / "server.log").read_text("utf-8", "replace")
        for sign in ("AddressSanitizer", "runtime error:", "LeakSanitizer", "ThreadSanitizer"):
            if sign in told:
                check(False, "a sanitizer found something in the server", told[-4000:])
        check(self.process.returncode == 0, f"the server ended with 0, not {self.process.returncode}", told[-2000:])
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Browser:
    def __init__(self, web, address="127.0.0.1"):
        self.web, self.cookies, self.page = web, {}, None

    def request(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=60)
        h = {"Accept": "text/html", **(headers or {})}
        if self.cookies:
            h["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        c.request(method, path, body=body, headers=h)
        r = c.getresponse()
        raw = r.read()
        got = {k.lower(): v for k, v in r.getheaders()}
        for k, v in r.getheaders():
            if k.lower() == "set-cookie":
                name, _, value = v.split(";")[0].partition("=")
                if "max-age=0" in v.lower():
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = value
        c.close()
        self.page = Page(r.status, got, raw)
        return self.page

    def get(self, path, **query):
        if query:
            path += ("&" if "?" in path else "?") + urlencode(query, doseq=True)
        return self.request("GET", quote(path, safe="/?&=%+.:~-_,"))

    def follow(self, page=None):
        """Where a 303 leads."""
        page = page or self.page
        if not check(page.status == 303 and "location" in page.headers, "an answer that leads on", page.told()):
            return page
        return self.get(page.headers["location"])

    def post(self, path, fields, headers=None):
        """fields: pairs or a dict, as they are sent."""
        body = urlencode(list(fields.items()) if isinstance(fields, dict) else fields)
        return self.request("POST", path, body.encode(), {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def filled(self, action, page=None, **values):
        """The fields of a form of the page, with some values changed. A value None is not sent, a list is sent many times."""
        page = page or self.page
        form = page.form(action)
        if not form:
            raise RuntimeError(f"no form “{action}” on the page, but {[f['action'] for f in page.forms]}\n{page.told()}")
        fields = [(n, v) for n, v in form["fields"] if n not in values]
        for n, v in values.items():
            fields += [] if v is None else [(n, one) for one in v] if isinstance(v, list) else [(n, v)]
        return form["action"], fields

    def submit(self, action, page=None, **values):
        to, fields = self.filled(action, page, **values)
        return self.post(to, fields)

    def upload(self, action, file, page=None, **values):
        """The same with one file: (field, name, bytes)."""
        to, fields = self.filled(action, page, **values)
        edge = "----dangbo-test-edge"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{file[0]}"; filename="{file[1]}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + file[2] + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.request("POST", to, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})


def workbook(raw):
    """A workbook that the program wrote: [(name of a sheet, [row of cells])], text as str, numbers as float, with their format."""
    with zipfile.ZipFile(io.BytesIO(raw)) as z:
        named = re.findall(r'<sheet name="([^"]*)"', z.read("xl/workbook.xml").decode())
        styles = z.read("xl/styles.xml").decode()
        codes = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]*)"', styles))
        formats = [codes.get(n, "") for n in re.findall(r'<xf numFmtId="(\d+)"', styles[styles.index("<cellXfs"):])]
        sheets = []
        for i, name in enumerate(named):
            rows = []
            for row in re.findall(r"<row [^>]*?(?:/>|>(.*?)</row>)", z.read(f"xl/worksheets/sheet{i + 1}.xml").decode(), re.S):
                cells = []
                for attributes, inside in re.findall(r"<c ([^>]*?)(?:/>|>(.*?)</c>)", row, re.S):
                    text, number = re.search(r"<t[^>]*>(.*?)</t>", inside, re.S), re.search(r"<v>(.*?)</v>", inside)
                    style = re.search(r's="(\d+)"', attributes)
                    cells.append(html.unescape(text.group(1)) if text else (float(number.group(1)), formats[int(style.group(1))] if style else "") if number else None)
                rows.append(cells)
            sheets.append((html.unescape(name), rows))
        return sheets


# --- the second factor: what an app on a phone would hold, for each account of each store ---------------------------------------


class Phone:
    """Computes codes from the secret on the page, each step once; recovery codes when there is no step left that the server would take."""

    def __init__(self, secret, codes=()):
        self.secret, self.last, self.codes = base64.b32decode(secret.replace(" ", "")), 0, list(codes)

    def at(self, step):
        mac = hmac.new(self.secret, struct.pack(">Q", step), hashlib.sha1).digest()
        at = mac[-1] & 15
        return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1000000:06d}"

    def code(self):
        """The next code that works, or None. A second is left so that the step is still there when the server looks."""
        now = int(time.time())
        for step in range((now + 1) // 30 - 1, now // 30 + 2):
            if step > self.last:
                self.last = step
                return self.at(step)
        return None


phones = {}


def phone_of(web, login):
    return phones.get((web.store.where, login))


def enrol(b, login):
    """Turns on the second factor of whoever is signed in; the page that shows the recovery codes."""
    page = b.get("/account/second")
    secret = re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", page.text_body)
    if not check(secret, f"{login}: the secret is on the page", page.told()):
        return page
    phone = Phone(secret[1])
    page = b.submit("/account/second", code=phone.code())
    phone.codes = re.findall(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>", page.text_body)
    if check(page.status == 200 and len(phone.codes) == 10, f"{login} has a second factor", page.told()):
        phones[b.web.store.where, login] = phone
    return page


def sign_in(web, login, password=PASSWORD, second=True):
    """A browser in which that account has signed in; with a second factor where the account must have one, unless told not to."""
    b = Browser(web)
    b.get("/sign-in")
    b.submit("/sign-in", login=login, password=password)
    phone = phone_of(web, login)
    if b.page.form("/sign-in/code") and phone:
        code = phone.code()
        b.submit("/sign-in/code", **({"code": code} if code else {"recovery": phone.codes.pop()}))
    check(b.page.status == 303, f"{login} signs in", b.page.told())
    if second and b.page.headers.get("location") == "/account/second":
        enrol(b, login)
    return b


def account(store, login, person=None, **grant):
    """Makes an account; with a role, and where, as a grant."""
    store.ok("user", "add", login, *(["--person", person] if person else []), "--name", login, "--password-file", "-", stdin=PASSWORD)
    if grant:
        store.add("grant", account=login, reason="thử", **grant)
    return login
