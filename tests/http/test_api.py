#!/usr/bin/env python3
"""The API: its own document against what it answers, the same rights as the pages, strict JSON, versions, and writes that happen once."""
import http.client
import json
import re
import signal
import threading

from _web import Web, account, check, fresh_world, run_tests, same, sign_in, test


class Program:
    """A program with a token. Every answer is checked against the document."""

    def __init__(self, web, token):
        self.web, self.token, self.document = web, token, None
        found = self.ask("GET", "/api/v1/openapi.json")
        self.document = found[1] if found[0] == 200 else None

    def ask(self, method, path, body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=60)
        h = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.token:
            h["Authorization"] = "Bearer " + self.token
        if body is not None and not isinstance(body, (bytes, str)):
            body, h["Content-Type"] = json.dumps(body), "application/json"
        c.request(method, path, body=body.encode() if isinstance(body, str) else body, headers=h)
        r = c.getresponse()
        raw = r.read()
        self.headers = {k.lower(): v for k, v in r.getheaders()}
        c.close()
        answer = json.loads(raw) if "json" in self.headers.get("content-type", "") else raw
        if self.document:
            self.fits(method, path.split("?")[0], r.status, answer)
        return r.status, answer

    def fits(self, method, path, status, answer):
        for pattern, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", pattern), path) and method.lower() in operations:
                break
        else:
            return check(status >= 400 or path.endswith("openapi.json"), f"{method} {path} is in the document", status)
        responses = operations[method.lower()]["responses"]
        of = responses.get(str(status)) or (responses.get("default") if status >= 400 else None)
        if not check(of is not None, f"{method} {path}: {status} is in the document", list(responses)):
            return None
        wrong = []
        for media, what in of.get("content", {}).items():
            if not check(self.headers["content-type"].startswith(media), f"{method} {path}: {media}", self.headers):
                continue
            if "json" in media:
                self.validate(what["schema"], answer, "", wrong)
        return check(not wrong, f"{method} {path}: as its schema says", wrong[:10])

    def validate(self, schema, value, at, wrong):
        """As much of JSON Schema as the document uses; a word that is not known here is an error too."""
        known = {"$ref", "type", "enum", "pattern", "properties", "additionalProperties", "required", "items", "description", "title", "readOnly", "writeOnly", "format", "maxLength",
                 "minLength", "minimum", "maximum", "examples", "default"}
        wrong += [f"{at}: unknown word {k}" for k in schema if k not in known and not k.startswith("x-")]
        if "$ref" in schema:
            found = self.document
            for part in schema["$ref"][2:].split("/"):
                found = found[part]
            return self.validate(found, value, at, wrong)
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        is_ = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list, "null": type(None)}
        if types and not any(isinstance(value, is_[t]) and not (isinstance(value, bool) and t in ("integer", "number")) for t in types):
            wrong.append(f"{at}: {value!r} is no {types}")
            return None
        if "enum" in schema and value not in schema["enum"]:
            wrong.append(f"{at}: {value!r} is none of {schema['enum']}")
        if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
            wrong.append(f"{at}: {value!r} is not {schema['pattern']}")
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            wrong += [f"{at}: {k} is missing" for k in schema.get("required", []) if k not in value]
            for k, v in value.items():
                if k in properties:
                    self.validate(properties[k], v, f"{at}/{k}", wrong)
                elif schema.get("additionalProperties") is False:
                    wrong.append(f"{at}: {k} is not declared")
        if isinstance(value, list) and "items" in schema:
            for i, v in enumerate(value):
                self.validate(schema["items"], v, f"{at}/{i}", wrong)
        return None


def world():
    s = fresh_world()
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "doc.x1", role="reader", over_unit="X1")
    return s


def token(s, login, scopes="read,write"):
    told = s.ok("token", "add", login, "--name", "thử", "--scopes", scopes)
    return next(w for w in (told.out + " " + told.err).split() if len(w) > 30)


def person(code, **more):
    return {"code": code, "name": "Nguyễn Văn Ánh", "born": "1980", "cell": "A", "admitted_on": "2010-02-03", "official_on": "2011-02-03", **more}


def some(s, code):
    return s.json("person", "show", code)


@test
def answers_are_as_the_document_says():
    s = world()
    s.add("person", code="B1", name="Trần Thị Bưởi", cell="A", born="05/1975", admitted_on="03/02/2000", official_on="03/02/2001")
    t = token(s, "vp.x1")
    with Web(s) as web:
        p = Program(web, t)
        same(p.document["openapi"], "3.1.0", "OpenAPI 3.1")
        ids = [o["operationId"] for ops in p.document["paths"].values() for o in ops.values()]
        same(sorted(ids), sorted(set(ids)), "operations have names of their own")
        for path in list(p.document["paths"]):
            if "{" not in path:
                status, answer = p.ask("GET", path)
                check(status in (200, 404), f"GET {path}", status)
                for row in answer.get("items", [])[:3] if isinstance(answer, dict) else []:
                    if "id" in row and path != "/api/v1/tree":
                        check(p.ask("GET", f"{path}/{row['id']}")[0] == 200, f"GET {path}/{row['id']}", row)
        status, found = p.ask("GET", "/api/v1/person?q=buoi&count=1")
        check("items" in found, "a list", found)
        same((status, [r["code"] for r in found["items"]], found["total"]), (200, ["B1"], 1), "search without diacritics")
        check(isinstance(found["items"][0]["id"], str) and found["items"][0]["born"] == "1975-05", "ids are text, days are ISO", found)
        same(p.ask("GET", "/api/v1/person/B1")[1]["name"], "Trần Thị Bưởi", "by its code")
        same(p.ask("GET", "/api/v1/me")[1]["login"], "vp.x1", "who am I")
        same(p.ask("GET", "/api/v1/tree?unit=X1")[0], 200, "the tree")
        same(p.ask("GET", "/api/v1/person?nonsense=1")[0], 400, "a filter that is none")
        same(p.ask("GET", "/api/v1/nothing")[0], 404, "a kind that is none")


@test
def every_documented_condition_is_understood():
    """Each field by the name that an address has for it: \"sort\" orders a list, so the field of that name is asked for as sort.is."""
    s = world()
    s.add("unit", code="T1", name="Thôn Một", type="village")
    s.add("person", code="B1", name="Trần Thị Bưởi", cell="A", admitted_on="03/02/2000")
    s.add("duty", person="B1", by_unit="A", sort="households", households="Tổ 1")
    account(s, "op", role="reader", over_unit="X1")
    t = token(s, "op")
    with Web(s) as web:
        p = Program(web, t)
        values = {"unit": "X1", "at": "2025-06-01", "from": "2020-01-01", "to": "2025-01-01", "sort": "id", "limit": "5", "q": "an"}
        for path, operations in p.document["paths"].items():
            names = [x["name"] for x in operations.get("get", {}).get("parameters", []) if x["in"] == "query"]
            if "limit" not in names:
                continue
            same(len(names), len(set(names)), f"{path}: every condition once")
            for name in names:
                value = values.get(name, "1" if name in ("alone", "all", "count") else "-")
                if name not in ("sort", "after"):
                    status, answer = p.ask("GET", f"{path}?{name}={value}")
                    check(status == 200 or (status == 404 and path in p.document["paths"]), f"GET {path}?{name}={value}", (status, answer))
        unit = {x["name"]: x["description"] for x in p.document["paths"]["/api/v1/unit"]["get"]["parameters"]}
        check("sort" in unit and "sort.is" in unit and "sort" in unit["sort.is"], "both are told", unit)
        one = p.ask("GET", "/api/v1/unit?sort.is=party&sort=name")[1]["items"]
        check(len(one) > 1 and all(x["sort"] == "party" for x in one), "only Party units", one)
        same([x["name"] for x in one], sorted(x["name"] for x in one), "in the order of names")
        same(p.ask("GET", "/api/v1/unit?sort.is=area")[1]["items"], [], "no area is reached")
        same(len(p.ask("GET", "/api/v1/duty?field.is=-")[1]["items"]), 1, "of no field of work")
        same(len(p.ask("GET", "/api/v1/duty?field.is=general")[1]["items"]), 0, "of one")
        check("sort.is=" in sign_in(web, "op").get("/help").text, "help tells it")


@test
def pages_of_a_list_join():
    s = world()
    there = len(s.codes("person", "list", "--unit", "A", "--limit", "500"))
    for i in range(7):
        s.add("person", code=f"N{i}", name="Lý Thị Na", cell="A", born="1990", admitted_on="03/02/2015", official_on="03/02/2016")
    t = token(s, "vp.x1", "read")
    with Web(s) as web:
        p = Program(web, t)
        seen, after = [], ""
        for _ in range(40):
            answer = p.ask("GET", f"/api/v1/person?limit=2&unit=A{'&after=' + after if after else ''}")[1]
            seen += [r["code"] for r in answer["items"]]
            after = answer["next"]
            if not after:
                break
        same((len(seen), len(set(seen))), (there + 7, there + 7), "each once, to the end")


@test
def who_has_no_right_or_scope_does_nothing():
    s = world()
    readers, writers = token(s, "doc.x1"), token(s, "vp.x1", "read")
    with Web(s) as web:
        for who, t in (("nobody", None), ("a token that is none", "x" * 43)):
            status, answer = Program(web, t).ask("GET", "/api/v1/person")
            same((status, answer["status"]), (401, 401), who)
        for who, t in (("a reader", readers), ("a token that only reads", writers)):
            p = Program(web, t)
            check(p.ask("POST", "/api/v1/person", person("Q1"))[0] in (403, 404, 422), f"{who} writes nothing")
        web.stop()
    same(s.json("person", "list", "--all", "--search", "Q1"), [], "and nothing was written")


@test
def bodies_are_read_strictly():
    s = world()
    t = token(s, "vp.x1")
    with Web(s) as web:
        p = Program(web, t)
        status, answer = p.ask("POST", "/api/v1/person", person("Q1", nme="x"))
        same((status, [e["pointer"] for e in answer["errors"]]), (422, ["/nme"]), "a field that is none is named")
        status, answer = p.ask("POST", "/api/v1/person", person("Q1", born="1980-02-30"))
        same((status, [e["pointer"] for e in answer["errors"]]), (422, ["/born"]), "a day that is none is named")
        for what, body in (("no JSON", "{"), ("twice the same name", '{"code":"A1","code":"A2"}'), ("too deep", "[" * 40 + "]" * 40), ("an array", "[]"), ("nothing", ""),
                           ("what follows", '{"code":"A1"} x'), ("bytes that are no UTF-8", b'{"code":"\xff"}'), ("a list for text", '{"name":["x"]}')):
            status = p.ask("POST", "/api/v1/person", body, Content_Type="application/json")[0]
            check(status in (400, 422), f"{what}: refused", status)


@test
def versions_keep_two_writers_apart():
    s = world()
    t = token(s, "vp.x1")
    with Web(s) as web:
        p = Program(web, t)
        status, made = p.ask("POST", "/api/v1/person", person("Q1"))
        if not check(status == 201 and p.headers["location"] == f"/api/v1/person/{made['id']}", "created", made):
            return
        path, tag = p.headers["location"], p.headers["etag"]
        status, changed = p.ask("PATCH", path, {"name": "Nguyễn Văn Bình"}, If_Match=tag)
        same((status, changed["name"], changed["version"]), (200, "Nguyễn Văn Bình", made["version"] + 1), "changed")
        same(p.ask("PATCH", path, {"name": "Nguyễn Văn Cường"}, If_Match=tag)[0], 412, "the version before")
        same(p.ask("GET", path)[1]["name"], "Nguyễn Văn Bình", "and it stays")
        check(p.ask("DELETE", path, If_Match=tag)[0] in (404, 412), "nor removed")
        history = p.ask("GET", path + "/history")[1]["items"]
        check(len(history) >= 2, "its history", history)


@test
def a_key_writes_once():
    s = world()
    t = token(s, "vp.x1")
    with Web(s) as web:
        p = Program(web, t)
        first = p.ask("POST", "/api/v1/person", person("K1"), Idempotency_Key="k-1")
        again = p.ask("POST", "/api/v1/person", person("K1"), Idempotency_Key="k-1")
        same(first, again, "the same answer")
        same(p.headers.get("idempotency-replayed"), "true", "said to be one from before")
        same(p.ask("POST", "/api/v1/person", person("K2"), Idempotency_Key="k-1")[0], 422, "a key for something else")
        answers = []
        all_ = [threading.Thread(target=lambda: answers.append(Program(web, t).ask("POST", "/api/v1/person", person("K3"), Idempotency_Key="k-3"))) for _ in range(8)]
        for one in all_:
            one.start()
        for one in all_:
            one.join()
        same({a[0] for a in answers}, {201}, "eight at once")
        same(len({a[1]["id"] for a in answers}), 1, "are one record")
    same(len(s.json("person", "list", "--all", "--search", "K3")), 1, "in the data too")


@test
def a_key_writes_once_across_a_kill():
    s = world()
    t = token(s, "vp.x1")
    made = {}
    for turn in range(6):
        web = Web(s)
        p = Program(web, t)
        killer = threading.Timer(0.05 + 0.04 * turn, web.process.kill)
        killer.start()
        number = 0
        try:
            while True:
                number += 1
                key = f"t{turn}-{number}"
                made[key] = None
                made[key] = p.ask("POST", "/api/v1/person", person(f"T{turn}N{number}"), Idempotency_Key=key)[1]["id"]
        except (OSError, http.client.HTTPException):
            pass
        killer.join()
        web.process.wait()
        web.log.close()
    with Web(s) as web:
        p = Program(web, t)
        for key, was in made.items():
            turn, number = key[1:].split("-")
            status, answer = p.ask("POST", "/api/v1/person", person(f"T{turn}N{number}"), Idempotency_Key=key)
            same((status, was in (None, answer.get("id"))), (201, True), f"{key}: the same record")
    s.sound("sound after six kills")


if __name__ == "__main__":
    run_tests()
