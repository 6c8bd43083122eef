"""Typed answers: what is kept, what is refused and why, which questions are asked, and that nothing typed is lost."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.documents import demo_documents
from zhengtong.rules.canonical import canonical
from zhengtong.rules.form_shape import Field, Form, Option, Repeat, Section, form_from
from zhengtong.rules.form_types import TYPES, clean
from zhengtong.rules.forms import answers_from_post, missing, pruned, read, summary, visible_fields
from zhengtong.rules.refusal import Refusal, RefusalCode

R = RefusalCode
TODAY = date(2026, 11, 22)
OPTIONS = (Option("a", "甲"), Option("b", "乙"))


def field(kind: str, **more: Any) -> Field:
    return Field("f", kind, "问题", **more)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  云泽示例商贸有限公司 ", "云泽示例商贸有限公司"),
        ("text", "cafe\u0301", "café"),  # NFC
        ("textarea", "一\r\n二", "一\n二"),
        ("integer", "１，２００", 1200),  # full-width, with a comma
        ("integer", "-3", -3),
        ("integer", "3.0", 3),
        ("decimal", "0012.3400", "12.34"),
        ("decimal", "-0", "0"),
        ("money", "￥1,200.5 元", "1200.50"),
        ("percentage", "30%", "30.00"),
        ("area", "88", "88.00"),
        ("weight", "1.125", "1.125"),
        ("date", "2026-3-1", "2026-03-01"),
        ("date", "2026年3月1日", "2026-03-01"),
        ("date", "20260301", "2026-03-01"),
        ("month", "2026年3月", "2026-03"),
        ("year", "2026", 2026),
        ("time", "9：05", "09:05"),
        ("date_range", {"since": "2026-01-01", "until": "2026-01-01"}, {"since": "2026-01-01", "until": "2026-01-01"}),
        ("number_range", {"since": "1", "until": "2.50"}, {"since": "1", "until": "2.5"}),
        ("yes_no", ["no", "yes"], True),  # the hidden "no" before the ticked "yes"
        ("yes_no", "否", False),
        ("checkbox", "on", True),
        ("radio", "b", "b"),
        ("select", "a", "a"),
        ("multiselect", ["b", "a", "b", ""], ["a", "b"]),  # in the order of the options
        ("multiselect", "a", ["a"]),
        ("email", "li.lei@example.cn", "li.lei@example.cn"),
        ("mobile", "+86 138-0013-8000", "13800138000"),
        ("phone", "0980-6624384", "0980-6624384"),
        ("phone", "（0980）6624384", "0980-6624384"),
        ("phone", "400-820-8820", "400-820-8820"),
        ("person_name", "买买提•艾力", "买买提·艾力"),
        ("organisation_name", "云泽示例商贸有限公司", "云泽示例商贸有限公司"),
        ("resident_id", "11010519491231002x", "11010519491231002X"),
        ("passport", "e12345678", "E12345678"),
        ("identity", {"kind": "111", "number": "11010519491231002X"}, {"kind": "111", "number": "11010519491231002X"}),
        ("identity", {"kind": "414", "number": "e1234567"}, {"kind": "414", "number": "E1234567"}),
        ("uscc", "91350100m000100y43", "91350100M000100Y43"),
        ("enterprise", "91350100M000100Y43", {"uscc": "91350100M000100Y43", "name": ""}),
        ("enterprise", {"uscc": "91350100M000100Y43", "name": "某公司"}, {"uscc": "91350100M000100Y43", "name": "某公司"}),
        ("postal_code", "　350001", "350001"),
        ("region", "990102", "990102"),
        ("region", {"province": "990000", "city": "990100", "county": "990102"}, "990102"),
        ("address", {"province": "990000", "city": "990100", "county": "990102", "street": "政通路1号"},
         {"region": "990102", "street": "政通路1号"}),
        ("address", "政通路1号", {"region": "", "street": "政通路1号"}),
        ("coordinates", "116.391，39.907", {"longitude": "116.391000", "latitude": "39.907000"}),
        ("bank_account", {"holder": "某公司", "bank": "云泽银行", "number": "6222 0000 1234 5678"},
         {"holder": "某公司", "bank": "云泽银行", "number": "6222000012345678"}),
        ("url", "example.cn/a", "https://example.cn/a"),
        ("certificate_no", "（云商）备字〔2026〕第001号", "(云商)备字〔2026〕第001号"),
        ("vehicle_plate", "京a12345", "京A12345"),
        ("vehicle_plate", "粤BD12345", "粤BD12345"),  # eight characters: new energy
        ("vin", "1m8gdm9axkp042788", "1M8GDM9AXKP042788"),
        ("project_code", "2601-990100-04-01-123456", "2601-990100-04-01-123456"),
        ("industry", "f5213", "F5213"),
        ("length", "2.5", "2.50"),
        ("statement", "whatever a browser sends", None),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_one_form_and_reading_it_again_changes_nothing(kind: str, typed: Any, kept: Any) -> None:
    asked = field(kind, options=OPTIONS)
    assert clean(asked, typed, on=TODAY) == kept
    canonical(kept)  # can be hashed
    if kept is not None:
        assert clean(asked, kept, on=TODAY) == kept


def test_every_type_has_an_answer_that_is_kept() -> None:
    marks = test_an_answer_is_kept_in_one_form_and_reading_it_again_changes_nothing.pytestmark  # type: ignore[attr-defined]  # pytest puts it there
    assert set(TYPES) == {row[0] for row in marks[0].args[1]}


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("text", "字" * 10_000, R.TEXT_TOO_LONG),
        ("text", "abc\u202egpj", R.TEXT_CONTROL_CHARACTER),  # written backwards
        ("text", "a\x00b", R.TEXT_CONTROL_CHARACTER),
        ("text", "一\n二", R.TEXT_LINE_BREAK),
        ("person_name", "字" * 10_000, R.TEXT_TOO_LONG),
        ("person_name", "张三3", R.FORM_NAME),
        ("person_name", "···", R.FORM_NAME),
        ("textarea", "字" * 10_000, R.TEXT_TOO_LONG),
        ("integer", "三", R.FORM_NUMBER),
        ("integer", "1e5", R.FORM_NUMBER),
        ("integer", "NaN", R.FORM_NUMBER),
        ("integer", "1.5", R.FORM_WHOLE_NUMBER),
        ("integer", "9" * 16, R.FORM_TOO_LARGE),
        ("money", "1.005", R.FORM_DECIMALS),
        ("money", "-1", R.FORM_TOO_SMALL),
        ("percentage", "101", R.FORM_TOO_LARGE),
        ("date", "2026-02-30", R.FORM_DATE),
        ("date", "31/12/2026", R.FORM_DATE),
        ("date", "0001-01-01", R.FORM_DATE_TOO_EARLY),
        ("date", "9999-01-01", R.FORM_DATE_TOO_LATE),
        ("month", "2026-13", R.FORM_MONTH),
        ("year", "26", R.FORM_DATE),
        ("time", "25:00", R.FORM_TIME),
        ("date_range", {"since": "2026-01-02", "until": "2026-01-01"}, R.FORM_RANGE_BACKWARDS),
        ("date_range", {"since": "2026-01-02", "until": ""}, R.FORM_PART_MISSING),
        ("date_range", "2026-01-02", R.FORM_PART_MISSING),
        ("yes_no", "perhaps", R.FORM_YES_NO),
        ("radio", "c", R.FORM_CHOICE),
        ("multiselect", ["a", "c"], R.FORM_CHOICE),
        ("email", "a@b", R.FORM_EMAIL),
        ("email", "a..b@example.cn", R.FORM_EMAIL),
        ("mobile", "12345678901", R.CODE_MOBILE_FORM),
        ("phone", "12", R.FORM_PHONE),
        ("resident_id", "110105194912310021", R.CODE_RESIDENT_ID_CHECK),
        ("identity", {"kind": "111", "number": "110105194912310021"}, R.CODE_RESIDENT_ID_CHECK),
        ("identity", {"kind": "000", "number": "1"}, R.FORM_CHOICE),
        ("passport", "no", R.FORM_PASSPORT),
        ("uscc", "91350100M000100Y44", R.CODE_USCC_CHECK),
        ("uscc", "9135", R.CODE_USCC_LENGTH),
        ("enterprise", {"uscc": "", "name": "某公司"}, R.FORM_PART_MISSING),
        ("postal_code", "35000", R.FORM_POSTAL_CODE),
        ("region", "99", R.FORM_REGION),
        ("region", {"province": "990000", "city": "990100", "county": ""}, R.FORM_PART_MISSING),
        ("address", {"region": "990102", "street": ""}, R.FORM_PART_MISSING),
        ("coordinates", "200,39", R.FORM_COORDINATES),
        ("coordinates", "NaN,39", R.FORM_COORDINATES),
        ("bank_account", {"holder": "某公司", "bank": "云泽银行", "number": "12"}, R.FORM_BANK_ACCOUNT),
        ("url", "javascript://alert(1)", R.FORM_URL),
        ("url", "http://[", R.FORM_URL),
        ("vin", "1M8GDM9A1KP042788", R.FORM_VIN),
        ("vehicle_plate", "京I12345", R.FORM_PLATE),
        ("project_code", "2601", R.FORM_PROJECT_CODE),
        ("industry", "Z1", R.FORM_INDUSTRY),
        ("text", {"a": "b"}, R.FORM_CHOICE),
    ],
)
def test_what_cannot_stand_is_refused_with_its_code(kind: str, typed: Any, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refused:
        clean(field(kind, options=OPTIONS), typed, on=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("nothing", [None, "", "  ", [], [""], {}, {"since": "", "street": " "}])
def test_nothing_typed_is_no_answer(kind: str, nothing: Any) -> None:
    assert clean(field(kind, options=OPTIONS), nothing) is None


@pytest.mark.parametrize(
    ("asked", "typed", "code"),
    [
        (field("date", max="today"), "2026-11-22", None),
        (field("date", max="today"), "2026-11-23", R.FORM_DATE_TOO_LATE),  # a birthday is not tomorrow
        (field("date", min="today-30"), "2026-10-23", None),
        (field("date", min="today-30"), "2026-10-22", R.FORM_DATE_TOO_EARLY),
        (field("date", min="2020-01-01"), "2019-12-31", R.FORM_DATE_TOO_EARLY),
        (field("integer", min=1, max=9), "9", None),
        (field("integer", min=1, max=9), "10", R.FORM_TOO_LARGE),
        (field("money", min="0.01"), "0", R.FORM_TOO_SMALL),
        (field("text", max_length=3), "四个字呀", R.TEXT_TOO_LONG),
        (field("multiselect", options=OPTIONS, max=1), ["a", "b"], R.FORM_TOO_LARGE),
        (field("checkbox", required=True), "no", R.FORM_MUST_AGREE),
        (field("checkbox"), "no", None),
    ],
)
def test_bounds_hold_on_their_last_day_and_no_further(asked: Field, typed: Any, code: RefusalCode | None) -> None:
    if code is None:
        clean(asked, typed, on=TODAY)
    else:
        with pytest.raises(Refusal) as refused:
            clean(asked, typed, on=TODAY)
        assert refused.value.code == code


@given(st.sampled_from(sorted(TYPES)), st.recursive(st.text(max_size=30), lambda s: st.lists(s, max_size=3) | st.dictionaries(
    st.sampled_from(["since", "until", "kind", "number", "uscc", "province", "county", "street", "region", "longitude", "latitude"]),
    s, max_size=3), max_leaves=4))  # fmt: skip
def test_whatever_is_sent_is_kept_or_refused_and_what_is_kept_stays(kind: str, typed: Any) -> None:
    asked = field(kind, options=OPTIONS)
    try:
        kept = clean(asked, typed, on=TODAY)
    except Refusal:
        return
    canonical(kept)
    assert clean(asked, kept, on=TODAY) == kept


# --- whole forms ------------------------------------------------------------------------------------------------

WHO = Section("who", "申请人", "", "", "", None, None, (
    Field("kind", "radio", "类型", required=True, options=(Option("person", "个人"), Option("firm", "企业"))),
    Field("name", "person_name", "姓名", required=True, condition={"field": "who.kind", "is": "person"}),
    Field("uscc", "uscc", "代码", required=True, condition={"field": "who.kind", "is": "firm"}),
    Field("branch", "yes_no", "有分支机构", condition={"field": "who.uscc", "filled": True}),
    Field("note", "statement", "说明", required=False),
))  # fmt: skip
SHOPS = Section("shops", "分支机构", "", "", "", {"field": "who.branch", "is": True}, Repeat(1, 3), (
    Field("name", "text", "名称", required=True),
    Field("own", "yes_no", "自有"),
    Field("lessor", "text", "出租人", required=True, condition={"field": "shops.own", "is": False}),
))  # fmt: skip
URGENT = Section("urgent", "加急", "", "", "", {"field": "situation.urgent", "is": "yes"}, None, (
    Field("why", "textarea", "理由", required=True),
))  # fmt: skip
FORM = Form((WHO, SHOPS, URGENT))
GOOD = {
    "who.0.kind": "firm",
    "who.0.uscc": "91350100M000100Y43",
    "who.0.branch": "yes",
    "shops.4.name": "一店",  # a row was deleted in the browser: numbers have gaps
    "shops.4.own": "yes",
    "shops.9.name": "二店",
    "shops.9.own": "no",
    "shops.9.lessor": "李四",
}


def names(answers: Any, situations: Any = None) -> list[str]:
    return [asked.name for asked in visible_fields(FORM, answers, situations)]


def test_a_filled_form_is_read_and_nothing_is_missing() -> None:
    reading = read(FORM, answers_from_post(FORM, GOOD), on=TODAY)
    assert reading.refusals == {}
    assert reading.answers["shops"] == [{"name": "一店", "own": True}, {"name": "二店", "own": False, "lessor": "李四"}]
    assert missing(FORM, reading.answers) == {}


def test_questions_open_one_after_the_other() -> None:
    assert names({}) == ["who.0.kind", "who.0.note"]
    assert names({"who": [{"kind": "person"}]}) == ["who.0.kind", "who.0.name", "who.0.note"]
    firm = {"who": [{"kind": "firm", "uscc": "91350100M000100Y43", "branch": True}]}
    assert names(firm) == ["who.0.kind", "who.0.uscc", "who.0.branch", "who.0.note", "shops.0.name", "shops.0.own"]
    assert "urgent.0.why" in names({}, {"urgent": "yes"})


def test_a_question_no_longer_asked_opens_none_and_its_answer_is_left_out() -> None:
    answers = {"who": [{"kind": "person", "name": "张三", "uscc": "91350100M000100Y43", "branch": True}]}
    assert "shops.0.name" not in names(answers)
    assert pruned(FORM, answers)["who"] == [{"kind": "person", "name": "张三"}]


def test_a_condition_inside_a_repeated_section_looks_at_its_own_row() -> None:
    asked = names(read(FORM, answers_from_post(FORM, GOOD)).answers)
    assert "shops.1.lessor" in asked
    assert "shops.0.lessor" not in asked


def test_refusals_name_their_field_and_nothing_typed_is_lost() -> None:
    post = GOOD | {"who.0.uscc": "9135", "shops.9.name": "\u202e"}
    reading = read(FORM, answers_from_post(FORM, post), on=TODAY)
    # the code is wrong, so nothing that hangs on it is asked yet; what was typed below is still there
    assert {name: refusal.code for name, refusal in reading.refusals.items()} == {"who.0.uscc": R.CODE_USCC_LENGTH}
    assert reading.typed["who"][0]["uscc"] == "9135"
    assert reading.typed["shops"][1] == {"name": "\u202e", "own": "no", "lessor": "李四"}


def test_what_is_missing_is_named() -> None:
    assert set(missing(FORM, {})) == {"who.0.kind"}
    firm = {"who": [{"kind": "firm", "uscc": "91350100M000100Y43", "branch": True}]}
    assert {n: r.code for n, r in missing(FORM, firm).items()} == {
        "shops.0.name": R.TEXT_REQUIRED,
        "shops": R.FORM_TOO_FEW_ROWS,
    }
    rows = [{"name": f"{n}店", "own": True} for n in range(4)]
    assert {n: r.code for n, r in missing(FORM, firm | {"shops": rows}).items()} == {"shops": R.FORM_TOO_MANY_ROWS}
    assert missing(FORM, firm | {"shops": [*rows[:1], {}]}) == {}  # a row left empty is no row
    assert missing(FORM, firm, sections=["who"]) == {}


def test_false_and_zero_are_answers() -> None:
    form = Form((Section("s", "", "", "", "", None, None, (field("yes_no", required=True),)),))
    assert missing(form, {"s": [{"f": False}]}) == {}
    form = Form((Section("s", "", "", "", "", None, None, (field("integer", required=True),)),))
    assert missing(form, {"s": [{"f": 0}]}) == {}


def test_a_flood_of_rows_or_names_stops_at_the_forms_own_bound() -> None:
    post = {f"shops.{n}.name": "店" for n in range(500)} | {
        "who.0.evil": "x",
        "who.x.kind": "y",
        "a": "b",
        "shops.0": "c",
    }
    typed = answers_from_post(FORM, post)
    assert len(typed["shops"]) == 3
    assert typed["who"] == [{}]


def test_parts_of_a_group_come_together() -> None:
    form = Form(
        (
            Section(
                "s",
                "",
                "",
                "",
                "",
                None,
                None,
                (Field("home", "address", "住址"), Field("box", "multiselect", "", options=OPTIONS)),
            ),
        )
    )
    post = {"s.0.home.county": ["990102"], "s.0.home.street": ["政通路1号"], "s.0.box": ["a", "b"]}
    assert answers_from_post(form, post) == {
        "s": [{"home": {"county": "990102", "street": "政通路1号"}, "box": ["a", "b"]}]
    }
    assert read(form, answers_from_post(form, post)).answers["s"][0]["home"] == {
        "region": "990102",
        "street": "政通路1号",
    }


@pytest.mark.parametrize("document", demo_documents(), ids=lambda d: d["item_code"])
def test_every_demo_form_opens(document: dict[str, Any]) -> None:
    form = form_from(document["form"])
    situations = {s["code"]: s["options"][0]["value"] for s in document["situations"]}
    assert len(list(summary(form, {}, situations))) == len(visible_fields(form, {}, situations))
