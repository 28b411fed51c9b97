"""Pages that are sent again: only to whom they were made for, and only while nothing that they show was written."""
import re

from _web import Web, account, check, fresh_world, run_tests, same, sign_in, test
from _dangbo import SERVER

LIST = "/person?unit=X1"


def world():
    s = fresh_world()
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "doc.x1", role="reader", over_unit="X1")
    account(s, "qt.ky", role="technical_admin")
    return s


def statements(web, route="/{kind}"):
    return [line["statements"] for line in web.lines() if line.get("event") == "request" and line.get("route") == route]


def without_tokens(page):
    return re.sub(r"[0-9a-f]{128}", "", page.text_body)


def again(web, b, path=LIST):
    """The page once more, and whether it was made anew: on SQLite a page that is sent again costs two or three statements."""
    page = b.get(path)
    return page, statements(web)[-1] > 4


@test
def the_same_page_is_sent_again():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        first = b.get(LIST)
        second, anew = again(web, b)
        if not SERVER: # of a database server it is not known what others write: there each page is made anew
            check(not anew, "the second time nothing is made", statements(web))
        same(without_tokens(second), without_tokens(first), "and it says the same")
        tokens = [set(re.findall(r"[0-9a-f]{128}", p.text_body)) for p in (first, second)]
        check(tokens[0] and tokens[1] and not tokens[0] & tokens[1], "with another mask on the token of its forms", tokens)
        b.submit("/language", page=second, lang="en")
        same(b.page.status, 303, "a form of the page that was sent again is good")
        check("Members" in b.get(LIST).text or "People" in b.page.text, "and another language is another page", b.page.h1)


@test
def whatever_is_written_is_seen_at_once():
    s = world()
    with Web(s) as web:
        b, other = sign_in(web, "doc.x1"), sign_in(web, "vp.x1")
        was = b.get(LIST).text
        other.get("/person/new?unit=A")
        other.submit("/person/new", name="Trần Văn Kịp", born="1980", admitted_on="03/02/2020", official_on="03/02/2021")
        same(other.page.status, 303, "somebody is added")
        check("Trần Văn Kịp" not in was and "Trần Văn Kịp" in b.get(LIST).text, "the list has them", b.page.told())
        same(other.get(LIST).text.count("Trần Văn Kịp"), b.page.text.count("Trần Văn Kịp"), "for everybody")
        ident = re.search(r'href="/person/(\d+)[^"]*">Trần Văn Kịp', b.page.text_body).group(1)
        other.get(f"/person/{ident}/edit")
        other.submit(f"/person/{ident}/edit", name="Trần Văn Đổi")
        check("Trần Văn Đổi" in b.get(LIST).text and "Trần Văn Kịp" not in b.page.text, "a changed name stands there", b.page.told())


@test
def what_others_look_at_changes_nothing():
    s = world()
    with Web(s) as web:
        b, other = sign_in(web, "doc.x1"), sign_in(web, "vp.x1")
        b.get(LIST)
        _, first = again(web, b)
        record = next(link for link in other.get(LIST).links if re.match(r"/person/\d+", link))
        other.get(record)
        _, anew = again(web, b)
        if not SERVER:
            same((first, anew), (False, False), "a dossier that somebody opens, and the note of it, leave the page as it is")


@test
def with_the_right_goes_the_page():
    s = world()
    account(s, "tam.x1", role="reader", over_unit="X1")
    with Web(s) as web:
        b, admin = sign_in(web, "tam.x1"), sign_in(web, "qt.ky")
        same(b.get(LIST).status, 200, "the list while the grant lasts")
        same(b.get(LIST).status, 200, "and again")
        links = sorted({link.split("?")[0] for link in admin.get("/grant").links if re.match(r"/grant/\d+", link)})
        grant = next(link for link in links if "tam.x1" in admin.get(link).text)
        admin.submit(grant + "/remove", page=admin.get(grant))
        same(admin.page.status, 303, "the grant is removed")
        same(b.get(LIST).status, 404, "without the grant there is no such page")


if __name__ == "__main__":
    run_tests()
