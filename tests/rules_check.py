#!/usr/bin/env python3
"""Checks rules/*.json: their shape, their dates, and that what they name exists.

A rule is {"rule", "label": {"vi", "en"}, "sets": [...]}. A set holds from its day "from" (within) until its day
"until" (not within; null = in force): {"id", "source", "certain", "from", "until", "note", "items"}. "note" is
{"vi", "en"} and is required where "certain" is false. An item is {"code", "vi", "en", ...}; "also" lists what registers
write for it. A code means the same thing in every set.
"""
import datetime
import json
import pathlib
import re
import sys
import unicodedata

KINDS = {"unit", "unit_state", "unit_change", "succession", "term", "person", "membership", "spell", "appointment", "duty", "attachment",
         "account", "grant", "audit", "setting", "import_batch"}
CONTENT = KINDS - {"account", "grant", "audit", "setting", "import_batch"}
ACTS = {"read", "add", "change", "remove", "export", "decide", "admin"}
SORTS = {"unit_type": {"party", "state", "mass", "area"}, "office": {"party", "state", "mass"}}
FLAGS = ["single", "holds_members", "organ", "residential", "leaves_party", "joins_party", "internal", "temporary", "error",
         "on_roll", "must_attend", "rated", "grant_only", "own_record", "certain"]
# What each item of a rule must have.
NEEDS = {"unit_type": ["sort", "under"], "office": ["sort", "rank", "role"], "level": ["rank"], "right": ["rights"],
         "membership_begin": ["joins_party"], "membership_end": ["leaves_party"], "spell": ["on_roll", "must_attend", "rated"],
         "qualification": ["rank"], "schooling": ["rank"], "theory": ["rank"], "academic_title": ["rank"],
         "party_threshold": ["value", "unit"], "cccd_province": ["number"], "ethnicity": ["number"],
         "appointment_begin": [], "appointment_end": [], "duty_field": []}
COUNTS = {"ethnicity": 54, "cccd_province": 63}

passed, failures = 0, []


def check(holds, what):
    global passed
    if holds:
        passed += 1
    else:
        failures.append(what)


def fold(text):
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", text))


def is_day(text):
    try:
        return isinstance(text, str) and datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_words(where, words):
    check(isinstance(words, dict) and set(words) == {"vi", "en"} and all(isinstance(w, str) and w.strip() for w in words.values()),
          f"{where}: needs words in both languages")


def check_names(where, items):
    """No two items answer to the same word, or an import could not tell them apart."""
    owner = {}
    for item in items:
        for name in [item.get("vi", "")] + item.get("also", []):
            key = fold(name)
            check(key and owner.get(key) is None, f"{where}.{item.get('code')}: '{name}' is already said for {owner.get(key)}")
            owner.setdefault(key, item.get("code"))


def check_item(where, rule, item):
    code = item.get("code", "")
    at = f"{where}.{code}"
    check(re.fullmatch(r"[a-z][a-z0-9_]*", code) is not None, f"{at}: not a code")
    check_words(at, {k: item[k] for k in ("vi", "en") if k in item})
    check(all(item.get(k) is not None for k in NEEDS[rule]), f"{at}: needs {', '.join(NEEDS[rule])}")
    check(all(isinstance(item[k], bool) for k in FLAGS if k in item), f"{at}: a flag is true or false")
    check(isinstance(item.get("also", []), list) and all(isinstance(a, str) and a.strip() for a in item.get("also", [])), f"{at}: also")
    for k in ("vi", "en"):
        check(unicodedata.normalize("NFC", item.get(k, "")) == item.get(k, ""), f"{at}: {k} is not in normal form C")
    if rule in SORTS:
        check(item.get("sort") in SORTS[rule], f"{at}: sort")
    for k in ("rank", "value", "of"):
        if k in item:
            check(isinstance(item[k], int) and not isinstance(item[k], bool) and item[k] >= 0, f"{at}: {k} is a whole number")


def check_set(name, rule, one):
    where = f"{name}/{one.get('id')}"
    check(isinstance(one.get("id"), str) and re.fullmatch(r"[0-9A-Za-z-]+", one["id"]) is not None, f"{where}: id")
    check(isinstance(one.get("source"), str) and one["source"].strip() != "", f"{where}: source")
    check(isinstance(one.get("certain"), bool), f"{where}: certain is true or false")
    check(set(one) <= {"id", "source", "certain", "from", "until", "note", "items"}, f"{where}: unknown part")
    check(is_day(one.get("from")), f"{where}: from")
    check(one.get("until", 0) is None or is_day(one.get("until")), f"{where}: until")
    if "note" in one or not one.get("certain"):
        check_words(f"{where}: note", one.get("note"))
    items = one.get("items", [])
    check(len(items) > 0 and len({i.get("code") for i in items}) == len(items), f"{where}: codes must be there and differ")
    check(rule not in COUNTS or len(items) == COUNTS[rule], f"{where}: {len(items)} items")
    for item in items:
        check_item(where, rule, item)
    check_names(where, items)
    ranks = [i["rank"] for i in items if "rank" in i]
    check(len(set(ranks)) == len(ranks), f"{where}: ranks must differ")


def check_rule(path):
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as e:
        check(False, f"{path.name}: {e}")
        return None
    name = path.stem
    check(set(data) == {"rule", "label", "sets"} and data["rule"] == name, f"{name}: parts")
    check(name in NEEDS, f"{name}: no such rule is known to this test")
    check_words(f"{name}: label", data.get("label"))
    sets = data.get("sets", [])
    check(len({s.get("id") for s in sets}) == len(sets) > 0, f"{name}: ids of sets")
    for one in sets:
        if name in NEEDS:
            check_set(name, name, one)
    for a, b in zip(sets, sets[1:]):
        check(a["until"] == b["from"] and a["from"] < b["from"], f"{name}: {b['id']} must begin when {a['id']} ends")
    check(sets[-1]["until"] is None, f"{name}: no set is in force")
    return data


def set_on(rules, rule, day):
    for one in rules[rule]["sets"]:
        if one["from"] <= day and (one["until"] is None or day < one["until"]):
            return {i["code"]: i for i in one["items"]}
    return {}


def check_types(rules):
    for one in rules["unit_type"]["sets"]:
        types = {i["code"]: i for i in one["items"]}
        levels = set_on(rules, "level", one["from"])
        for code, item in types.items():
            at = f"unit_type/{one['id']}.{code}"
            check(set(item["under"]) <= set(types), f"{at}: under {set(item['under']) - set(types)}")
            check("level" not in item or item["level"] in levels, f"{at}: level")
            check("level" in item or item["sort"] in ("state", "mass") or item.get("organ"), f"{at}: has no level")
            check(not item.get("holds_members") or item["sort"] == "party", f"{at}: only Party cells hold members")


def check_rights(rules):
    roles = {i["code"]: i for s in rules["right"]["sets"] for i in s["items"]}
    for role, item in roles.items():
        for right in item["rights"]:
            at = f"right.{role}"
            check(set(right) == {"kinds", "acts", "over"}, f"{at}: parts")
            check(set(right["kinds"]) <= KINDS | {"*"}, f"{at}: kinds {right['kinds']}")
            check(set(right["acts"]) <= ACTS, f"{at}: acts {right['acts']}")
            check(right["over"] in ("unit", "subtree"), f"{at}: over")
            check(role != "technical_admin" or not (set(right["kinds"]) & (CONTENT | {"*", "audit"})), f"{at}: reads content")
            check(role == "technical_admin" or not (set(right["kinds"]) & {"account", "grant", "setting", "*"}), f"{at}: administers")
    for one in rules["office"]["sets"]:
        for item in one["items"]:
            at = f"office.{item['code']}"
            check(item["role"] in roles and not roles[item["role"]].get("grant_only"), f"{at}: role {item['role']}")
            check(item["sort"] == "party" or item["role"] == "none", f"{at}: only Party offices have rights")


def check_stable(rules):
    """A code may gain attributes, but its words do not come to mean something else."""
    for name, data in rules.items():
        meaning = {}
        for one in data["sets"]:
            for item in one["items"]:
                was = meaning.setdefault(item["code"], (item["vi"], item.get("sort")))
                check(was == (item["vi"], item.get("sort")), f"{name}.{item['code']}: changes its meaning")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "rules")
    rules = {p.stem: check_rule(p) for p in sorted(folder.glob("*.json"))}
    check(set(NEEDS) == set(rules), f"rules missing: {sorted(set(NEEDS) - set(rules))}")
    if not failures:
        check_types(rules)
        check_rights(rules)
        check_stable(rules)
    for what in failures:
        print(what)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
