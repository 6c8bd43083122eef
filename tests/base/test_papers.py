"""The rendering room: the same data print the same bytes, and nothing in the data is read as markup."""

import io
import re

import pytest
from pypdf import PdfReader

from zhengtong.base.papers import render
from zhengtong.base.papers.coverage import drawn, printable

LETTER = "domains/cases/papers/return_notice.typ"


def letter(**changes):
    return {
        "organ": "云泽市商务局",
        "number": "（云商）退字〔2026〕第00004号",
        "issued_on": "2026-09-24",
        "seal": "行政审批专用章",
        "demo": True,
        "english": False,
        "verify_url": "https://zw.example/verify/3f9a",
        "query_code": "K7M2Q9",
        "contacts": {"officer": "张敏", "consult": "0980-6624384", "complaint": "0980-6612388"},
        "case_no": "990102202609241000017K",
        "applicant": {
            "name": "云泽联运商贸有限公司",
            "id_label": "统一社会信用代码",
            "id_number": "91990102MA1",
            "proxy": "",
        },
        "item": {"name": "对外贸易经营者备案登记", "code": "1199", "name_en": ""},
        "received_at": "2026-09-24T09:58",
        "reasons": ["该事项已经取消。"],
        "basis": "依据",
        "direction": "方向",
        "recheck": "业务协调科",
        **changes,
    }


def text_of(pdf: bytes) -> str:
    read = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", "", read.replace("\u200b", ""))


def test_same_data_same_bytes():
    first = render(LETTER, letter())
    assert first == render(LETTER, dict(reversed(letter().items())))
    assert first != render(LETTER, letter(basis="另一依据"))


def test_archival_and_accessible_claims_stand_in_the_file():
    reader = PdfReader(io.BytesIO(render(LETTER, letter())))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/OutputIntents"]
    assert reader.metadata.title == "退回件通知书 （云商）退字〔2026〕第00004号"
    assert "20260924" in reader.metadata["/CreationDate"]


def test_every_font_is_ours_and_embedded():
    reader = PdfReader(io.BytesIO(render(LETTER, letter(reasons=["Latin 汉字"]))))
    fonts = {
        descendant.get_object()["/BaseFont"]: descendant.get_object()["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
        for descendant in font.get_object()["/DescendantFonts"]
    }
    assert fonts
    for name, descriptor in fonts.items():
        assert re.fullmatch(r"/[A-Z]{6}\+Noto(Sans|Serif)SC-Regular(-Identity-H)?", name), name
        assert "/FontFile3" in descriptor


@pytest.mark.parametrize(
    "typed",
    [
        '#let x = 1; #panic() #read("/etc/passwd") #image("x")',
        "*粗* _斜_ $x^2$ `code` = 标题 - 列表 + 1. @ref <label> \\ // /* */ ~ ---",
        "<script>alert(1)</script> <b>&amp;</b> '; DROP TABLE cases; --",
        '{"data": "]]"} \\u0041 %s {0}',
        "¥1,000.00 ① ㎡ é ö 〔2026〕",
    ],
)
def test_markup_in_the_data_is_plain_text(typed):
    got = text_of(render(LETTER, letter(reasons=[typed], direction=typed)))
    assert got.count(re.sub(r"\s+", "", typed)) == 2


def test_line_breaks_are_kept_and_steering_characters_are_not():
    assert printable("甲\r\n乙\t丙\u202e丁\x07\u200b\ufeff") == "甲\n乙 丙丁"


def test_what_no_font_draws_is_printed_by_its_number():
    assert printable("王😀") == "王〔U+1F600〕"
    assert drawn("龘")
    assert drawn("𬭚")
    assert not drawn("😀")
    assert "U+1F600" in text_of(render(LETTER, letter(applicant={**letter()["applicant"], "name": "王😀"})))


def test_a_word_without_an_end_stays_on_the_sheet():
    long = "W" * 400
    reader = PdfReader(
        io.BytesIO(render(LETTER, letter(direction=long, applicant={**letter()["applicant"], "name": long})))
    )
    right = float(reader.pages[0].mediabox.right)
    seen: list[float] = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: seen.append(tm[4]) if text.strip() else None)
    assert max(seen) < right - 20
    assert text_of(render(LETTER, letter(direction=long))).count("W" * 400) == 1


def test_a_paper_without_a_verification_address_has_no_code():
    with_code, without = render(LETTER, letter()), render(LETTER, letter(verify_url=""))
    assert "扫码核验" in text_of(with_code)
    assert "扫码核验" not in text_of(without)


@pytest.mark.parametrize(
    "template", ["../config/settings.py", "/etc/passwd", "base/papers/rendering.py", "nowhere.typ"]
)
def test_only_templates_of_the_house(template):
    with pytest.raises(ValueError, match="no template"):
        render(template, letter())
