"""Who may come where, over the data of the five localities: every page as six people, against tests/access/pages.txt; and every
link that a clerk of one commune finds, asked by a reader of another district: nothing of the commune is told, not even that it is there."""
import json
import re
from pathlib import Path
from urllib.parse import unquote_plus

from _web import Browser, Store, Web, account, check, run_tests, same, sign_in, test
from _dangbo import dangbo

TABLES = Path(__file__).resolve().parents[1] / "access"
WHO = ["nobody", "member", "reader", "clerk", "secretary", "admin"]
LINKS, OF_A_SHAPE = 260, 4
_world = []


class World:
    """One server for all tests here. The places that stand in the table of pages are of Hiệp Hòa, in no cell of the secretary's."""

    def __init__(self):
        s = self.store = Store(init=False, engine="SQLite")  # the rules are the same text on both engines; test_matrix asks both
        made = dangbo("demo", s.where, timeout=600)
        if made.rc:
            raise RuntimeError(made.told())
        self.member = s.one("SELECT p.code FROM person p JOIN membership m ON m.person = p.id AND m.until = 99999999 WHERE p.code LIKE 'HH-%' AND p.unit = "
                            "(SELECT id FROM unit WHERE code = 'HH.CB04') AND p.id NOT IN (SELECT person FROM appointment) ORDER BY p.code LIMIT 1")
        self.person = s.one("SELECT id FROM person WHERE code = 'HH-0002'")
        self.unit = "HH.CB05"
        account(s, "dang.vien", person=self.member)
        account(s, "doc.nt", role="reader", over_unit="NT")
        account(s, "vp.hh", role="office_staff", over_unit="HH")
        account(s, "bt.cb", person="HH-0038")
        account(s, "qt.ky", role="technical_admin")
        self.account = s.one("SELECT id FROM account WHERE login = 'vp.hh'")
        hidden, seen = self.names("HH"), self.names("NT")
        self.secret = sorted(x for x in hidden - seen if not any(x in y for y in seen))  # a name may be the beginning of another's
        self.web = Web(s)
        self.by = {"nobody": Browser(self.web)}
        for who, login in zip(WHO[1:], ("dang.vien", "doc.nt", "vp.hh", "bt.cb", "qt.ky")):
            self.by[who] = sign_in(self.web, login)

    def names(self, place):
        rows = self.store.sql(f"SELECT code, name FROM person WHERE code LIKE '{place}-%' UNION ALL SELECT code, name FROM unit WHERE code = '{place}' OR code LIKE '{place}.%'")
        return {word for row in rows for word in row if len(word) > 1}


def world():
    if not _world:
        _world.append(World())
    return _world[0]


def lines(name):
    return [re.sub(r" +", " ", x).strip().split(" ") for x in (TABLES / name).read_text("utf-8").splitlines() if x and x[0] != "#"]


def concrete(w, pattern):
    """An address of a route: a page of Hiệp Hòa where it is about one."""
    part = {"kind": "person", "id": w.account if pattern.startswith("/admin/") else w.person, "code": w.unit, "act": "merge", "file": "none.css", "name": "members"}
    if pattern == "/import/new/{kind}":
        part["kind"] = "membership"
    return re.sub(r"\{(\w+)\}", lambda m: part[m[1]], pattern) + (f"?unit={w.unit}" if "/report/" in pattern else "")


@test
def every_page_as_everybody():
    w = world()
    gets = [r[1] for r in lines("routes.txt") if r[0] == "GET"]
    table = {r[0]: r[1:] for r in lines("pages.txt")}
    same(sorted(table), sorted(gets), "pages.txt has every route that is read")
    for pattern in gets:
        path = concrete(w, pattern)
        found = [str(w.by[who].get(path).status) for who in WHO]
        same(dict(zip(WHO, found)), dict(zip(WHO, table.get(pattern, []))), f"{pattern} ({path})")


# --- what one finds, asked by another -----------------------------------------------------------------------------------

def shape(link):
    """Links of a shape differ in whom they are about."""
    path, _, query = link.partition("?")
    return re.sub(r"\b\d{6,}\b|/HH[\w.-]*", "N", path), tuple(sorted(x.partition("=")[0] for x in query.split("&")))


def crawl(w, b):
    """The pages that a browser comes to by links alone, a few of each shape."""
    person, unit = w.person, w.unit
    waiting = ["/", f"/u/{unit}", f"/person/{person}", "/person?unit=HH&q=" + "nguyen", "/tree?unit=HH", f"/api/v1/person/{person}", f"/api/v1/person/{person}/history",
               "/api/v1/person?unit=HH", "/api/v1/tree?unit=HH", "/api/v1/report/members?unit=HH", "/ref/person?q=nguyen", "/ref/unit?q=HH", f"/person/export?unit={unit}",
               f"/transfer/send?person={person}", f"/attachment/new?record={person}&kind=person", "/person?unit=HH&at=05/08/2018"]
    seen, shapes, found = set(waiting), {}, []
    while waiting and len(found) < LINKS:
        link = waiting.pop(0)
        page = b.get(link)
        if page.status != 200:
            continue
        found.append(link)
        for to in page.links:
            to = to.partition("#")[0]
            if not to.startswith("/") or to in seen or shapes.get(shape(to), 0) >= OF_A_SHAPE:
                continue
            seen.add(to)
            shapes[shape(to)] = shapes.get(shape(to), 0) + 1
            waiting.append(to)
    return found


def told_of(w, link, body):
    """What of the commune stands in an answer, but for what was in the question."""
    asked = unquote_plus(link)
    words = set(re.findall(r"HH[.-]\w+|\bHH\b", body)) | {n for n in w.secret if n in body}
    return sorted(x for x in words if x not in asked)


def bare(body, *gone):
    """An error page without what differs from one request to the next, and without what was asked for."""
    for word in gone:
        body = body.replace(word, "?")
    return re.sub(r'[0-9a-f]{64,}|name="(?:back|next)" value="[^"]*"|data-renew="\d+"|"instance":"\w+"|<code[^>]*>[^<]*</code>', "?", body)


def none_such(link):
    """The same address about something that is not there."""
    return re.sub(r"\b(\d{12})\d{3}(\d{3,})\b", r"\g<1>000\2", re.sub(r"\bHH\b[\w.]*", "ZZ.Q9", link))


@test
def what_one_finds_is_not_told_to_another():
    w = world()
    links = crawl(w, w.by["clerk"])
    check(len(links) >= 150, f"the clerk came to {len(links)} pages")
    check(any("/person/" in x for x in links) and any(x.startswith("/u/HH") for x in links), "among them people and units", links[:40])
    b, missing = w.by["reader"], 0
    for link in links:
        page = b.get(link)
        told = told_of(w, link, page.text_body)
        check(page.status in (200, 303, 404), f"{link}: {page.status}", page.told())
        check(not told, f"{link}: something of Hiệp Hòa is told to a reader of Nam Trực", told[:10])
        other = none_such(link)
        if page.status != 404 or other == link:
            continue
        missing += 1
        none = b.get(other)
        parts = re.findall(r"\d{15,}|\bHH\b[\w.]*", link), re.findall(r"\d{15,}|ZZ\.Q9", other)
        same((none.status, bare(none.text_body, other.replace("&", "&amp;"), other, *parts[1])), (404, bare(page.text_body, link.replace("&", "&amp;"), link, *parts[0])),
             f"{link}: as if there were none")
    check(missing >= 60, f"{missing} of them are not there for the other", len(links))


# --- what the units serve ------------------------------------------------------------------------------------------------

def one_person(text):
    """The figure of heads of areas who are secretaries of the cell there: of a report, or of a unit's page."""
    found = re.search(r"(?:đồng thời là trưởng khu dân cư|kiêm trưởng thôn, khu)[\s:]*(\d+)\s*/\s*(\d+)", text)
    return found and (int(found[1]), int(found[2]))


@test
def the_office_of_a_committee_sees_who_heads_the_areas_that_it_serves():
    w = world()
    s, clerk, reader, secretary = w.store, w.by["clerk"], w.by["reader"], w.by["secretary"]
    whole = one_person(s.ok("report", "members", "--unit", "HH", "--period", "2025", "--to", "text").out)
    check(whole and whole[1] == 16, "the operator's report has the figure", whole)
    same(one_person(clerk.get("/report/members?unit=HH&period=2025").text), whole, "the clerk's report has the same")
    same(one_person(clerk.get("/u/HH").text), whole, "so has the page of the unit")
    same(one_person(clerk.get("/api/v1/report/members?unit=HH&period=2025").text_body.replace(",", " ").replace('"', "")), whole, "and the report of the API")
    same(one_person(secretary.get("/u/HH.CB04").text), one_person(s.ok("report", "members", "--unit", "HH.CB04", "--period", "2025", "--to", "text").out), "a cell's secretary has that of the cell")
    head = s.sql("SELECT p.name, a.id, p.id FROM appointment a JOIN person p ON p.id = a.person JOIN unit u ON u.id = a.unit WHERE u.code = 'HH.T05' AND a.until = 99999999 LIMIT 1")[0]
    page = clerk.get("/u/HH.T05")
    check(page.status == 200 and head[0] in page.text, "the head of the village stands on its page", page.told())
    check(head[0] in clerk.get("/appointment?unit=HH.T05").text and clerk.get(f"/appointment/{head[1]}").status == 200, "and in the list of offices, and alone")
    check("HH.T05" in clerk.get("/unit?q=Thôn 5&unit=").text_body, "the village is found by its name")
    same(json.loads(clerk.get("/api/v1/appointment?unit=HH.T05&count=1").body)["total"], 1, "the API counts it")
    check("vp.hh" in w.by["clerk"].get("/u/HH.T05?tab=who").text, "who can see it says so")
    # no more than that
    village = s.one("SELECT id FROM unit WHERE code = 'HH.T05'")
    for edit in ("/unit/new", "/appointment/new", f"/unit/{village}/edit"):
        check(not any(x.startswith(edit) for x in page.links), f"nothing is offered that would be refused: {edit}", page.links)
    same(clerk.get(f"/unit/{village}/edit").status, 404, "it is not theirs to change")
    same(clerk.get(f"/appointment/{head[1]}/edit").status, 404, "nor is the office")
    same(json.loads(clerk.get("/api/v1/term?unit=HH.T05").body)["items"], [], "nothing else of it is read")
    # and by nobody else
    for path in ("/u/HH.T05", f"/appointment/{head[1]}", f"/unit/{village}"):
        same(reader.get(path).status, 404, f"{path} is not told to a reader of another district")
        same(secretary.get(path).status, 404, f"{path} is not told to the secretary of another cell")


@test
def the_server_stops_clean():
    world().web.stop()


if __name__ == "__main__":
    run_tests()
