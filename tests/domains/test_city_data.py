"""The invented city: every code passes its own check, every reference leads somewhere, nobody is real."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import zhengtong.city
from zhengtong.base.parameters.seed import SEEDS
from zhengtong.rules.codes import check_impl_code, check_mobile, check_resident_id, check_uscc
from zhengtong.rules.item_document import normalise, problems
from zhengtong.rules.linter import Severity, lint
from zhengtong.rules.roles import Role

DATA = Path(zhengtong.city.__file__).parent / "data"


def read(name):
    return json.loads((DATA / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def city():
    return read("city.json")


@pytest.fixture(scope="module")
def items():
    return read("commerce_items.json")


@pytest.fixture(scope="module")
def notes():
    return read("commerce_items.notes.json")


def test_codes_are_valid_and_lie_in_no_real_region(city):
    for organ in city["organs"]:
        assert check_uscc(organ["code"])[2:8] == "990100"
    for enterprise in city["enterprises"]:
        assert check_uscc(enterprise["uscc"]).startswith("919901")
    for person in city["persons"]:
        if person["id_type"] == "111":
            assert check_resident_id(person["id_number"], on=date(2026, 11, 22)).startswith("9901")
            assert person["birth"].replace("-", "") == person["id_number"][6:14]
            assert (int(person["id_number"][16]) % 2 == 1) == (person["gender"] == "男")
    for one in city["persons"] + city["officers"]:
        assert check_mobile(one["mobile"]).startswith("1540099")  # 154 is given to nobody
    assert all(one["fictitious"] for kind in ("organs", "officers", "persons", "enterprises") for one in city[kind])


def test_nothing_stands_twice(city):
    for kind, key in [
        ("regions", "code"), ("organs", "code"), ("organs", "short_name"), ("officers", "login"), ("officers", "staff_no"),
        ("persons", "id_number"), ("persons", "key"), ("enterprises", "uscc"), ("enterprises", "name"), ("windows", "code"), ("halls", "code"), ("halls", "name"),
    ]:  # fmt: skip
        counted = Counter(one[key] for one in city[kind])
        assert [value for value, count in counted.items() if count > 1] == [], (kind, key)
    in_hall = Counter((one["hall"], one["number"]) for one in city["windows"])
    assert max(in_hall.values()) == 1
    mobiles = Counter(one["mobile"] for one in city["persons"] + city["officers"])
    assert max(mobiles.values()) == 1


def test_every_reference_leads_somewhere(city):
    regions = {one["code"] for one in city["regions"]}
    organs = {one["code"]: {s["code"] for s in one["sections"]} for one in city["organs"]}
    windows = {one["code"] for one in city["windows"]}
    logins = {one["login"]: one for one in city["officers"]}
    people = {one["key"] for one in city["persons"]}
    assert all(one["parent"] in regions for one in city["regions"] if one["parent"])
    for officer in city["officers"]:
        assert officer["section"] is None or officer["section"] in organs[officer["organ"]]
        assert officer["window"] is None or officer["window"] in windows
        deputy = logins[officer["substitute"]]
        assert deputy is not officer
        assert deputy["organ"] == officer["organ"]
    for enterprise in city["enterprises"]:
        assert {enterprise["legal_representative"], enterprise["contact"]} <= people
        assert enterprise["region_code"] in regions


def test_thirty_four_organs_own_items_and_each_can_see_a_case_through(city):
    owners = [one for one in city["organs"] if one["owns_items"]]
    assert len(owners) == 34
    assert [one["name"] for one in city["organs"] if one["is_centre"]] == ["云泽市政务服务中心"]
    for organ in owners:
        held = Counter(role for o in city["officers"] if o["organ"] == organ["code"] for role in o["roles"])
        assert min(held[role] for role in ("window", "handler", "reviewer", "approver")) >= 2, organ["name"]
    assert {role for o in city["officers"] for role in o["roles"]} == {role.value for role in Role}


def test_items_are_thirty_five_and_clean(items, notes):
    assert len(items) == 35
    for raw in items:
        assert problems(raw) == []
        document = normalise(raw)
        assert check_impl_code(document["impl_code"], document["item_type"]) == document["item_code"]
        retired = notes[raw["item_code"]]["status"] == "retired"
        assert retired == bool(document["retired_basis"]) == bool(document["effective_to"])
        errors = [f for f in lint(document, on=None if retired else date(2026, 11, 22)) if f.severity is Severity.ERROR]
        assert errors == []
    assert len({raw["item_code"] for raw in items}) == 35
    codes = {raw["item_code"] for raw in items}
    assert all(raw["successor"] in codes for raw in items if raw["successor"])


def test_what_an_applicant_reads_stands_in_english_too(items):
    def missing(value, path=""):
        if isinstance(value, dict):
            for key, one in value.items():
                if f"{key}_en" in value and one and not value[f"{key}_en"]:
                    yield f"{path}.{key}"
                yield from missing(one, f"{path}.{key}")
        elif isinstance(value, list):
            for n, one in enumerate(value):
                yield from missing(one, f"{path}[{n}]")

    for raw in items:
        assert list(missing(normalise(raw))) == []
        english = json.dumps([v for k, v in walk(raw) if k.endswith("_en")], ensure_ascii=False)
        assert not re.search("[\u4e00-\u9fff]", english), raw["name"]


def walk(value):
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str):
                yield key, one
            yield from walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one)


def test_the_prepaid_card_item_is_as_pictured(items):
    card = next(raw for raw in items if raw["name"] == "单用途商业预付卡发卡企业备案")
    assert (card["legal_limit"]["amount"], card["promised_limit"]["amount"]) == (20, 5)
    assert len(card["materials"]) == 6
    assert sum(bool(m["share_source"]) for m in card["materials"]) == 3
    assert not card["charges_fee"]
    assert [basis["article"] for basis in card["legal_bases"]] == ["第七条、第八条"]
    assert next(m for m in card["materials"] if m["code"] == "audited_statements")["deferrable"]


def test_no_text_of_the_city_allows_larger_files_than_the_house_takes() -> None:
    most = next(seed.value for seed in SEEDS if seed.key == "upload.bytes") // (1024 * 1024)
    for path in sorted(DATA.glob("*.json")):
        for size in re.findall(r"不超过\s*(\d+)\s*MB", path.read_text(encoding="utf-8")):
            assert int(size) <= most, (path.name, size)
