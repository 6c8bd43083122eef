"""The item editor: nothing is lost on the way through a page, rows move without scripts, a stale page says so."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from django.http import QueryDict

from tests.people import AT, cast
from tests.web.test_house_pages import sign_in
from zhengtong.domains.catalogue import actions, queries
from zhengtong.domains.catalogue.models import Item
from zhengtong.rules.item_document import normalise
from zhengtong.web.desk.house import conditions_form
from zhengtong.web.desk.house.document_form import Layout, controls, flatten, typed
from zhengtong.web.desk.house.json_lines import line_of, lines_of
from zhengtong.web.desk.house.parts import PARTS

ITEMS = json.loads((Path(actions.__file__).parents[2] / "city" / "data" / "commerce_items.json").read_text())
EDITOR, CHECKER = "冯雪", "卫平"


def posted(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


# --- there and back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", ITEMS, ids=lambda raw: raw["item_code"][-12:])
def test_every_shipped_item_comes_back_from_its_pages_as_it_was(raw):
    document = normalise(raw)
    for part in PARTS:
        data = posted(flatten(controls(part.elements, document, Layout())))
        sent = typed(data, part.elements, document)
        again = normalise({**document, **sent})
        for element in part.elements:
            assert again[element] == document[element], (part.key, element)


CONDITIONS = [
    None,
    {"field": "situation.kind", "is": "new"},
    {"field": "main.amount", "above": 5},
    {"field": "main.amount", "below": "5.50"},
    {"field": "main.agree", "is": True},
    {"field": "main.note", "filled": False},
    {"not": {"field": "situation.kind", "is": "new"}},
    {"all": [{"field": "a.b", "in": ["x", "y"]}, {"field": "c.d", "filled": True}]},
    {"any": [{"field": "a.b", "is": "x"}, {"field": "a.b", "is": "y"}]},
    {"all": [{"any": [{"field": "a.b", "is": "x"}, {"field": "c.d", "is": "y"}]}, {"field": "e.f", "is": "z"}]},
    {"not": {"all": [{"field": "a.b", "is": "x"}]}},
    {"field": "a.b", "in": ["x,y", "z"]},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition_comes_back_as_it_was(condition):
    document = normalise(
        {"item_code": "A1", "name": "甲", "materials": [{"code": "m", "name": "材料", "condition": condition}]}
    )
    data = posted(flatten(controls(["materials"], document, Layout())))
    assert typed(data, ["materials"], document)["materials"][0]["condition"] == condition


def test_a_condition_is_written_with_selects_and_words():
    data = posted(
        [("c.0.field", "situation.kind"), ("c.0.test", "in"), ("c.0.value", "新设，变更"), ("c.joint", "all")]
    )
    assert conditions_form.read(data, "c") == {"field": "situation.kind", "in": ["新设", "变更"]}
    data = posted([("c.joint", "any"), ("c.0.field", "a.b"), ("c.0.test", "above"), ("c.0.value", "3"),
                   ("c.1.field", "a.c"), ("c.1.test", "unfilled")])  # fmt: skip
    assert conditions_form.read(data, "c") == {"any": [{"field": "a.b", "above": 3}, {"field": "a.c", "filled": False}]}
    assert conditions_form.read(posted([("c.0.field", " "), ("c.joint", "any")]), "c") is None


def test_the_line_of_a_path():
    text = '{\n "name": "甲\\n乙",\n "materials": [\n  {"code": "a",\n   "copies": "x"}\n ]\n}'
    lines = lines_of(text)
    assert (line_of("materials[0].copies", lines), line_of("name", lines), line_of("fees[3].x", lines)) == (5, 2, 1)
    assert line_of("materials[9].code", lines) == 3
    for broken in ("", "{", '{"a": [1, 2', "[" * 500, '{"a" 1}', "\x00", '{"a": "\\u12'):
        lines_of(broken)


# --- the pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def people(db):
    return cast()


@pytest.fixture
def code(people):
    actions.open_draft(people.item().item_code, by=people.acting(EDITOR), at=AT)
    return people.item().item_code


def address(code, part, number=2):
    return f"/desk/catalogue/{code}/versions/{number}/edit/{part}/"


def page_data(client, code, part):
    """A page's form as a browser would send it back untouched, and the answer it came from."""
    answer = client.get(address(code, part))
    assert answer.status_code == 200
    data = posted(flatten(answer.context["controls"]))
    data["seen"] = str(answer.context["version"].item.version)
    if answer.context["section"]:
        data["section"] = answer.context["section"]
    if part == "form":
        for row in answer.context["controls"][0].children[0].rows:
            data[f"{row.name}.was"] = row.carried
    return data, answer


def draft(code):
    item = queries.item_for(code)
    return queries.document(queries.open_version(item).pk)


def send(client, code, part, data, **more):
    for name, value in more.items():
        data[name] = value
    return client.post(address(code, part), data.urlencode(), content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("part", [part.key for part in PARTS] + ["form-0"])
def test_saving_a_page_untouched_changes_nothing(part, client, people, code):
    before = deepcopy(draft(code))
    sign_in(client, people, EDITOR)
    data, _answer = page_data(client, code, part)
    assert send(client, code, part, data).status_code == 302
    assert draft(code) == before


def test_a_change_is_saved_and_named_in_the_history(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "limits")
    data["promised_limit.amount"] = "3"
    assert send(client, code, "limits", data, do="next")["Location"] == address(code, "bases")
    assert draft(code)["promised_limit"] == {"amount": 3, "unit": "working_day"}
    assert "修改草稿" in client.get(f"/desk/catalogue/{code}/").content.decode()


def test_rows_are_added_moved_and_removed_by_buttons_and_saved_only_when_told(client, people, code):
    sign_in(client, people, EDITOR)
    before = [row["code"] for row in draft(code)["materials"]]
    data, _ = page_data(client, code, "materials")
    added = send(client, code, "materials", data, do="add:materials")
    assert added.status_code == 200
    assert len(added.context["controls"][0].rows) == len(before) + 1
    assert "没有保存" in added.content.decode()
    moved = send(client, code, "materials", data, do="down:materials.0")
    shown = [
        dict(flatten([c for c in row.controls if c.name.endswith(".code")]))
        for row in moved.context["controls"][0].rows
    ]
    assert [next(iter(one.values())) for one in shown][:2] == [before[1], before[0]]
    removed = send(client, code, "materials", data, do="remove:materials.0")
    assert len(removed.context["controls"][0].rows) == len(before) - 1
    assert [row["code"] for row in draft(code)["materials"]] == before


def test_what_is_typed_stays_on_the_page_when_it_cannot_be_saved(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "materials")
    data["materials.0.copies"] = "两份"
    data["materials.0.fill_note"] = "请用黑色墨水填写这份材料。"
    answer = send(client, code, "materials", data, do="save")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="两份"' in text
    assert "请用黑色墨水填写这份材料。" in text
    assert 'href="#id_materials-0-copies"' in text
    assert draft(code)["materials"][0]["fill_note"] != "请用黑色墨水填写这份材料。"


def test_a_stale_page_keeps_what_was_typed_and_may_be_saved_again(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "bases")
    other, _ = page_data(client, code, "limits")
    other["promised_limit.amount"] = "4"
    send(client, code, "limits", other)
    data["acceptance_conditions"] = "在本市登记注册。"
    answer = send(client, code, "bases", data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "在本市登记注册。" in text
    assert "冯雪" in text
    data["seen"] = str(answer.context["version"].item.version)
    assert send(client, code, "bases", data).status_code == 302
    assert draft(code)["acceptance_conditions"] == "在本市登记注册。"
    assert draft(code)["promised_limit"]["amount"] == 4  # the colleague's change stands


def test_a_page_that_names_no_version_is_refused(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "bases")
    del data["seen"]
    data["acceptance_conditions"] = "改"
    assert send(client, code, "bases", data).status_code == 409


def test_sections_keep_their_fields_when_they_move_and_when_a_colleague_moved_them(client, people, code):
    sign_in(client, people, EDITOR)
    sections = draft(code)["form"]["sections"]
    assert len(sections) > 1
    fields = {section["code"]: section["fields"] for section in sections}
    page, _ = page_data(client, code, "form-1")
    data, _ = page_data(client, code, "form")
    swapped = send(client, code, "form", data, do="down:form.sections.0")
    data = posted(flatten(swapped.context["controls"]))
    for row in swapped.context["controls"][0].children[0].rows:
        data[f"{row.name}.was"] = row.carried
    data["seen"] = str(swapped.context["version"].item.version)
    assert send(client, code, "form", data, do="save").status_code == 302
    now = draft(code)["form"]["sections"]
    assert [one["code"] for one in now][:2] == [sections[1]["code"], sections[0]["code"]]
    assert {section["code"]: section["fields"] for section in now} == fields
    page["form.sections.1.fields.0.label"] = "新的标签"
    assert send(client, code, "form-1", page).status_code == 409  # and shown again under the section it belongs to


def test_a_section_gets_a_field_with_options(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "form-0")
    answer = send(client, code, "form-0", data, do="add:form.sections.0.fields")
    data = posted(flatten(answer.context["controls"]))
    last = answer.context["controls"][0].rows[-1].name
    data["seen"], data["section"] = str(answer.context["version"].item.version), answer.context["section"]
    data[f"{last}.code"], data[f"{last}.type"], data[f"{last}.label"] = "trial", "radio", "试点"
    for number, value in enumerate(("yes", "no")):
        data[f"{last}.options.{number}.row"] = "1"
        data[f"{last}.options.{number}.value"] = data[f"{last}.options.{number}.label"] = value
    assert send(client, code, "form-0", data, do="save").status_code == 302
    assert [o["value"] for o in draft(code)["form"]["sections"][0]["fields"][-1]["options"]] == ["yes", "no"]


def test_the_code_of_an_item_is_not_changed_by_a_page_that_says_so(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "basics")
    data["item_code"] = "EVIL-1"
    assert send(client, code, "basics", data).status_code == 302
    assert draft(code)["item_code"] == code


@pytest.mark.parametrize("name", [CHECKER, "郑凯", "李军"])
def test_only_an_editor_edits(name, client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "bases")
    data["acceptance_conditions"] = "改"
    sign_in(client, people, name)
    assert send(client, code, "bases", data).status_code in (302, 403)
    assert draft(code)["acceptance_conditions"] != "改"


def test_a_published_version_is_not_edited(client, people, code):
    sign_in(client, people, EDITOR)
    assert client.get(address(code, "basics", 1))["Location"] == f"/desk/catalogue/{code}/versions/1/"


HOSTILE = [
    {"do": "remove:__class__"}, {"do": "add:"}, {"do": "up:materials.-1"}, {"do": "down:materials.99999"},
    {"do": "remove:materials.0.code"}, {"do": "add:materials.0.condition"}, {"materials.9999.row": "1"},
    {"materials.0.condition.json": "[" * 10_000}, {"materials.0.condition.0.was": '{"field": 1}'},
    {"materials.0.name": "\u202eevil"}, {"materials.0.copies": "9" * 5000}, {"materials.0.name": "甲" * 5000},
    {"materials.0.necessity": "<script>"}, {"seen": "-1"}, {"seen": "x" * 400},
]  # fmt: skip


@pytest.mark.parametrize("evil", HOSTILE, ids=lambda evil: str(evil)[:40])
def test_hostile_input_is_refused_or_harmless(evil, client, people, code):
    before = deepcopy(draft(code))
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "materials")
    answer = send(client, code, "materials", data, **evil)
    assert answer.status_code in (200, 302, 409, 422)
    assert "<script>" not in answer.content.decode().replace("<script type", "")
    assert draft(code) == before


@pytest.mark.parametrize("part", ["form-99", "form-x", "nothing", "form-", "form-1-1"])
def test_a_page_there_is_not(part, client, people, code):
    assert sign_in(client, people, EDITOR).get(address(code, part)).status_code == 404


def test_queries_of_a_page_and_of_a_save(client, people, code, django_assert_max_num_queries):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "materials")
    with django_assert_max_num_queries(20):
        client.get(address(code, "materials"))
    data["materials.0.fill_note"] = "改"
    with django_assert_max_num_queries(45):
        assert send(client, code, "materials", data).status_code == 302


# --- JSON -------------------------------------------------------------------------------------------------------


def test_json_is_judged_line_by_line_and_kept(client, people, code):
    sign_in(client, people, EDITOR)
    url = f"/desk/catalogue/{code}/versions/2/json/"
    text = client.get(url).context["text"]
    seen = str(queries.item_for(code).version)
    assert client.post(url, {"json": text, "seen": seen}).status_code == 422  # nothing changed
    document = json.loads(text)
    document["materials"][0]["copies"] = "many"
    bad = json.dumps(document, ensure_ascii=False, indent=2)
    answer = client.post(url, {"json": bad, "seen": seen})
    line = next(n for n, one in enumerate(bad.splitlines(), 1) if '"many"' in one)
    assert answer.status_code == 422
    assert f"第 {line} 行" in answer.content.decode()
    assert "many" in answer.content.decode()
    document["materials"][0]["copies"] = 7
    good = {"json": json.dumps(document, ensure_ascii=False), "seen": seen}
    assert client.post(url, good).status_code == 302
    assert draft(code)["materials"][0]["copies"] == 7
    document["materials"][0]["copies"] = 8
    stale = client.post(url, {"json": json.dumps(document, ensure_ascii=False), "seen": seen})
    assert stale.status_code == 409
    assert '"copies": 8' in stale.content.decode().replace("&quot;", '"')


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 20_000, "{}", "{\n\n]", '{"a":' * 3000])
def test_strange_json_is_refused_with_a_line(text, client, people, code):
    sign_in(client, people, EDITOR)
    answer = client.post(f"/desk/catalogue/{code}/versions/2/json/", {"json": text, "seen": "1"})
    assert answer.status_code == 422
    assert answer.context["faults"]


# --- the way to publication -------------------------------------------------------------------------------------


def step(client, code, act, number=2, **data):
    return client.post(
        f"/desk/catalogue/{code}/versions/{number}/{act}/", {"seen": queries.item_for(code).version, **data}
    )


def test_a_version_goes_from_draft_to_publication_by_two_people(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "bases")
    data["acceptance_conditions"] = "在本市登记注册的单用途卡发卡企业。"
    send(client, code, "bases", data, do="save")
    assert step(client, code, "send").status_code == 302
    assert step(client, code, "check", do="pass").status_code == 403
    sign_in(client, people, CHECKER)
    back = step(client, code, "check", do="back", opinion="")
    assert back.status_code == 422
    assert "请写明理由" in back.content.decode()
    assert step(client, code, "check", do="back", opinion="时限请写依据。").status_code == 302
    assert queries.open_version(queries.item_for(code)).status == "draft"
    sign_in(client, people, EDITOR)
    assert "时限请写依据。" in client.get(f"/desk/catalogue/{code}/versions/2/").content.decode()
    step(client, code, "send")
    sign_in(client, people, CHECKER)
    assert step(client, code, "check", do="pass", opinion="合法").status_code == 302
    assert step(client, code, "publish").status_code == 302
    assert queries.item_for(code).current_version.number == 2
    told = client.get(f"/desk/catalogue/{code}/changes/1/2/").content.decode()
    assert "受理条件" in told
    assert "<ins>在本市登记注册的单用途卡发卡企业。</ins>" in told


def test_nobody_checks_their_own_draft(client, people, code):
    people.officers[EDITOR].posts.create(role="legal_checker", organ=people.organ, since="2020-01-01")
    sign_in(client, people, EDITOR)
    step(client, code, "send")
    answer = step(client, code, "check", do="pass")
    assert answer.status_code == 422
    assert "没有参与起草" in answer.content.decode()


def test_what_breaks_the_rules_is_not_sent_and_is_told_with_links(client, people, code):
    sign_in(client, people, EDITOR)
    data, _ = page_data(client, code, "bases")
    data["legal_bases.0.article"] = ""
    data = posted([(k, v) for k in data for v in data.getlist(k) if not k.endswith(".article")])
    send(client, code, "bases", data)
    answer = step(client, code, "send")
    assert answer.status_code == 422
    assert f"{address(code, 'bases')}#id_legal_bases" in answer.content.decode()


def test_a_stale_publication_is_refused(client, people, code):
    sign_in(client, people, EDITOR)
    step(client, code, "send")
    sign_in(client, people, CHECKER)
    step(client, code, "check", do="pass")
    old = client.post(f"/desk/catalogue/{code}/versions/2/publish/", {"seen": 1})
    assert old.status_code == 409
    assert queries.item_for(code).current_version.number == 1


# --- new, copied, out of force ----------------------------------------------------------------------------------


def test_a_new_item_begins_as_a_draft_with_five_stages(client, people):
    sign_in(client, people, EDITOR)
    data = {"item_code": "YZ-NEW-1", "name": "测试事项", "organ": people.organ.code}
    assert client.post("/desk/catalogue/new/", data)["Location"] == address("YZ-NEW-1", "basics", 1)
    assert len(draft("YZ-NEW-1")["procedure"]["stages"]) == 5
    again = client.post("/desk/catalogue/new/", data)
    assert again.status_code == 422
    assert "测试事项" in again.content.decode()


def test_an_item_is_copied_under_another_code(client, people):
    sign_in(client, people, EDITOR)
    source = people.item().item_code
    answer = client.post(f"/desk/catalogue/{source}/clone/", {"item_code": "YZ-COPY", "organ": people.organ.code})
    assert answer.status_code == 302
    assert draft("YZ-COPY")["materials"] == queries.document(people.item().current_version_id)["materials"]


def test_suspended_resumed_retired(client, people):
    sign_in(client, people, EDITOR)
    item = people.item()
    url = f"/desk/catalogue/{item.item_code}"
    assert client.post(f"{url}/suspend/", {"seen": item.version, "reason": " "}).status_code == 422
    assert client.post(f"{url}/suspend/", {"seen": item.version, "reason": "法规修订"}).status_code == 302
    assert client.post(f"{url}/resume/", {"seen": item.version}).status_code == 409
    item.refresh_from_db()
    assert client.post(f"{url}/resume/", {"seen": item.version}).status_code == 302
    item.refresh_from_db()
    gone = client.post(f"{url}/retire/", {"seen": item.version, "basis": "云政发〔2026〕3号", "successor": "nobody"})
    assert gone.status_code == 422
    assert "云政发〔2026〕3号" in gone.content.decode()
    assert client.post(f"{url}/retire/", {"seen": item.version, "basis": "云政发〔2026〕3号"}).status_code == 302
    assert Item.objects.get(pk=item.pk).status == Item.Status.RETIRED
