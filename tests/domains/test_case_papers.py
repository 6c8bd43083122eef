"""What must stand in each paper (domain-rules §3.2), and that a paper lacking it cannot be built."""

import dataclasses
import io
import json
import re
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from zhengtong.domains.cases.papers import (
    TEMPLATES,
    AcceptanceNotice,
    AcceptanceRefusal,
    AcceptanceRegister,
    AcceptedMaterial,
    Applicant,
    Contacts,
    DeliveredPaper,
    DeliveryMode,
    ExtensionNotice,
    GrantDecision,
    Granted,
    ItemGuide,
    ItemName,
    LimitLine,
    NotCounted,
    ReceiptSlip,
    ReceivedMaterial,
    RefusalDecision,
    Refused,
    RegisterRow,
    Remedies,
    ReturnNotice,
    Scope,
    ServiceReceipt,
    SpecialProcedureNotice,
    SupplementLine,
    SupplementNotice,
    WithdrawalConfirmation,
    pdf,
)

CASE = "990102202609241000017K"
RECEIVED = datetime(2026, 9, 24, 1, 58, tzinfo=UTC)  # 09:58 in Yunze


def head(word: str, **changes):
    return {
        "organ": "云泽市商务局",
        "issued_on": date(2026, 9, 24),
        "number": f"（云商）{word}字〔2026〕第00417号",
        "verify_url": "https://zw.example/verify/3f9a2c7e",
        "query_code": "K7M2Q9",
        "contacts": Contacts(consult="0980-6624384", complaint="0980-6612388", officer="张敏"),
        **changes,
    }


def about(**changes):
    return {
        "case_no": CASE,
        "applicant": Applicant(name="云泽联运商贸有限公司", id_number="91990102MA1234567X", proxy="周远"),
        "item": ItemName(
            name="单用途商业预付卡发卡企业备案", code="11990100MB0101741G3991021011000", name_en="Prepaid cards"
        ),
        **changes,
    }


REMEDIES = Remedies(organ="云泽市人民政府", court="云泽市云湖区人民法院")
PROMISED = LimitLine(amount=5, unit="working_day", due_on=date(2026, 10, 9))
LEGAL = LimitLine(amount=20, unit="working_day", due_on=date(2026, 10, 29))

PAPERS = {
    "F-00": ReceiptSlip(
        **head("收"), **about(), received_at=RECEIVED, receiver="张敏", reply_by=date(2026, 10, 8),
        materials=(ReceivedMaterial(name="营业执照", form="数据共享"), ReceivedMaterial(name="财务报表", form="原件", copies=2)),
    ),
    "F-01": AcceptanceNotice(
        **head("受"), **about(), received_at=RECEIVED, accepted_on=date(2026, 9, 24), kind="承诺件", promised=PROMISED, legal=LEGAL,
        materials=(AcceptedMaterial(name="备案表"), AcceptedMaterial(name="经审计的财务报表", deferred_until=date(2026, 10, 8))),
        not_counted=(NotCounted(name="专家评审", basis="行政许可法第四十五条", expected="10个工作日"),),
    ),
    "F-02": AcceptanceRefusal(
        **head("不受"), **about(), received_at=RECEIVED, kind=Refused.NO_POWER, facts="申请人是集团发卡企业。",
        failed_test="不属于本机关职权范围。", legal_basis="行政许可法第三十二条第一款第（二）项。",
        correct_organ="澄江省商务厅", remedies=REMEDIES,
    ),
    "F-03": SupplementNotice(
        **head("补"), **about(), received_at=RECEIVED, deadline=date(2026, 10, 24),
        lines=(SupplementLine(material="财务报表", problem="缺审计意见页", standard="含审计意见", remedy="补交完整报告", copies=3),),
    ),
    "F-05": GrantDecision(
        **head("准"), **about(), kind=Granted.LICENCE, applied_on=date(2026, 9, 1), facts="经现场核查符合条件。",
        basis="行政许可法第三十八条第一款。",
        granted=Scope(content="准予从事成品油零售经营。", scope="泽润大道66号", valid_from=date(2026, 9, 24), valid_until=date(2031, 9, 23)),
        duties=("按照许可范围经营。",), certificate_name="成品油零售经营批准证书", certificate_no="油零售第990100023号",
    ),
    "F-06": RefusalDecision(
        **head("不准"), **about(), applied_on=date(2026, 9, 1), facts="拍卖师未注册在本企业。", evidence=("执业证书复印件",),
        reasons=("没有拍卖师。", "逾期未更正。"), basis="拍卖法第十二条。", remedies=REMEDIES,
    ),
    "F-07 extension": ExtensionNotice(
        **head("延"), **about(), accepted_on=date(2026, 9, 24), reason="需要向登记机关核实。", approver="潘望岚局长",
        added=LimitLine(amount=10, unit="working_day", due_on=date(2026, 11, 12)), old_due_on=date(2026, 10, 29),
    ),
    "F-07 special": SpecialProcedureNotice(
        **head("特"), **about(), accepted_on=date(2026, 8, 20), procedure="专家评审", reason="需要现场验收。",
        basis="行政许可法第四十五条", approver="秦辰楠副局长", started_on=date(2026, 9, 7),
        expected=LimitLine(amount=20, unit="working_day"), fee="申请人不承担费用。",
    ),
    "F-08": ServiceReceipt(
        **head("达"), case_no=CASE, documents=(DeliveredPaper(name="受理通知书", number="（云商）受字〔2026〕第00417号"),),
        recipient="云泽联运商贸有限公司", mode=DeliveryMode.LEFT, place="泽润大道18号", servers=("张敏", "李军"), witnesses=("何知宁",),
    ),
    "F-10": ReturnNotice(
        **head("退"), **about(), received_at=RECEIVED, reasons=("该事项已经取消。",), basis="全国人大常委会的决定。",
        direction="直接向海关备案。", recheck="业务协调科（0980-6612345）",
    ),
    "F-13": WithdrawalConfirmation(
        **head("撤"), **about(), applied_on=date(2026, 9, 24), withdrawn_at=RECEIVED, withdrawn_by="周远", reason="改名后重新备案",
        returned_materials=("财务报表",),
    ),
}  # fmt: skip

# §3.2: "must contain"
CONTENTS = {
    "F-00": ["云泽联运商贸有限公司", "单用途商业预付卡发卡企业备案", "营业执照", "财务报表", "2026年9月24日09:58", "张敏", "不表示已经受理"],
    "F-01": [
        "（云商）受字〔2026〕第00417号", "云泽联运商贸有限公司", "91990102MA1234567X", "单用途商业预付卡发卡企业备案",
        "11990100MB0101741G3991021011000", "收件日期2026年9月24日", "受理日期2026年9月24日", "承诺件", "20个工作日，至2026年10月29日",
        "5个工作日，至2026年10月9日", "备案表", "容缺受理，请于2026年10月8日前补交", "专家评审", "行政许可法第四十五条", "不收费",
        "K7M2Q9", "张敏", "0980-6624384", "0980-6612388", "行政审批专用章",
    ],
    "F-02": [
        "不予受理通知书", "申请人是集团发卡企业", "不属于本机关职权范围", "第三十二条第一款第（二）项", "澄江省商务厅",
        "60日内向云泽市人民政府申请行政复议", "6个月内依法向云泽市云湖区人民法院提起行政诉讼",
    ],
    "F-03": [
        "财务报表", "缺审计意见页", "含审计意见", "补交完整报告", "3", "2026年10月24日", "补正不来", "不再提出其他补正要求",
        "第三十二条第一款第（四）项",
    ],
    "F-05": [
        "准予行政许可决定书", "经现场核查符合条件", "第三十八条第一款", "准予从事成品油零售经营", "泽润大道66号",
        "自2026年9月24日起至2031年9月23日止", "按照许可范围经营", "油零售第990100023号",
    ],
    "F-06": [
        "不予行政许可决定书", "拍卖师未注册在本企业", "执业证书复印件", "1．没有拍卖师", "2．逾期未更正", "拍卖法第十二条",
        "60日内向云泽市人民政府申请行政复议", "6个月内依法向云泽市云湖区人民法院提起行政诉讼",
    ],
    "F-07 extension": ["需要向登记机关核实", "潘望岚局长", "10个工作日", "原期限至2026年10月29日", "2026年11月12日", "第四十二条第一款"],
    "F-07 special": ["专家评审", "行政许可法第四十五条", "20个工作日", "申请人不承担费用", "秦辰楠副局长", "不计入办理期限"],
    "F-08": ["受理通知书", "（云商）受字〔2026〕第00417号", "云泽联运商贸有限公司", "留置送达", "泽润大道18号", "张敏、李军", "何知宁"],
    "F-10": ["退回件通知书", "该事项已经取消", "全国人大常委会的决定", "直接向海关备案", "业务协调科"],
    "F-13": ["周远", "2026年9月24日09:58", "改名后重新备案", "财务报表", "即行终止"],
}  # fmt: skip


def text_of(paper) -> str:
    return flat("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(paper.to_json()))).pages))


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("\u200b", ""))


@pytest.mark.parametrize("name", PAPERS)
def test_obligatory_content_is_printed(name):
    got = text_of(PAPERS[name])
    assert [wanted for wanted in CONTENTS[name] if wanted not in got] == []
    assert "2026年9月24日" in got
    assert "第1页" in got
    assert re.search(r"共\d+页", got)
    assert "演示文书，无法律效力" in got
    assert "https://zw.example/verify/3f9a2c7e" in got


@pytest.mark.parametrize("name", PAPERS)
def test_a_frozen_content_prints_the_same_years_later(name):
    content = PAPERS[name].to_json()
    assert content["form"] == name[:4]
    thawed = json.loads(json.dumps(content, ensure_ascii=False))
    assert thawed == content
    assert pdf(thawed) == pdf(content)


NEEDED = [(name, field) for name, paper in PAPERS.items() for field in ("organ", "issued_on", "number", *paper.needs)]


@pytest.mark.parametrize(("name", "field"), NEEDED)
def test_a_paper_that_lacks_an_element_is_never_built(name, field):
    paper = PAPERS[name]
    empty = (
        () if isinstance(getattr(paper, field), tuple) else None if not isinstance(getattr(paper, field), str) else "　"
    )
    with pytest.raises((ValueError, TypeError), match=r"lacks|missing") as refused:
        dataclasses.replace(paper, **{field: empty if field not in ("organ", "number") else ""})
    assert field in str(refused.value)


def change(name, **changes):
    return lambda: dataclasses.replace(PAPERS[name], **changes)


@pytest.mark.parametrize(
    "build",
    [
        change("F-01", contacts=Contacts(consult="1", complaint="2")),  # nobody to ask
        change("F-01", query_code=""),
        change("F-03", deadline=date(2026, 9, 23)),  # over before it is issued
        change("F-05", certificate_no=""),
        change("F-05", granted=Scope(content="准予。")),  # a licence without its scope
        change("F-06", reasons=("有理由", " ")),
        change("F-07 extension", issued_on=date(2026, 10, 30)),  # art. 42: before the limit ends
        change("F-07 extension", added=LimitLine(amount=10, unit="working_day")),
        change("F-08", witnesses=()),
        change("F-08", mode=DeliveryMode.ELECTRONIC),  # no prior consent
        change("F-08", mode=DeliveryMode.POST),
        lambda: LimitLine(amount=5, unit="day"),
        lambda: LimitLine(amount=-1, unit="working_day"),
        lambda: Remedies(organ="", court="法院"),
        lambda: SupplementLine(material="表", problem="", standard="s", remedy="r"),
    ],
)
def test_what_the_law_asks_beyond_being_filled(build):
    with pytest.raises(ValueError):
        build()


def test_siblings_of_the_decisions():
    filing = dataclasses.replace(
        PAPERS["F-05"], kind=Granted.FILING, certificate_no="", granted=Scope(content="予以备案。")
    )
    assert "备案回执" in text_of(filing)
    assert "长期有效" in text_of(filing)
    assert "不予办理决定书" in text_of(dataclasses.replace(PAPERS["F-06"], licence=False))
    needless = dataclasses.replace(PAPERS["F-02"], kind=Refused.NOT_REQUIRED, correct_organ="")
    got = text_of(needless)
    assert "不受理通知书" in got
    assert "不予受理" not in got
    assert "依法不需要取得行政许可" in got


def test_silence_of_the_organ_is_told_as_such():
    assert "自收到申请材料之日起即为受理" not in text_of(PAPERS["F-01"])
    assert "自收到申请材料之日起即为受理" in text_of(dataclasses.replace(PAPERS["F-01"], deemed=True))


def test_limits_say_when_they_are_provisional_or_absent():
    provisional = dataclasses.replace(LEGAL, provisional=True)
    assert "暂定" in text_of(dataclasses.replace(PAPERS["F-01"], legal=provisional))
    assert "法律、法规、规章未作规定" in text_of(dataclasses.replace(PAPERS["F-01"], legal=None))
    assert "当场办结" in text_of(dataclasses.replace(PAPERS["F-01"], promised=LimitLine(amount=0, unit="working_day")))


def test_english_stands_below_for_reference():
    assert "theChinesetextprevails" not in text_of(PAPERS["F-01"])
    got = text_of(dataclasses.replace(PAPERS["F-01"], english=True))
    assert "theChinesetextprevails" in got
    assert "Prepaidcards" in got
    assert "5workingdays,until9Oct2026" in got


def test_only_a_demonstration_says_that_it_is_one():
    got = text_of(dataclasses.replace(PAPERS["F-01"], demo=False))
    assert "演示" not in got


def test_sixty_rows_repeat_the_head_and_lose_none():
    lines = tuple(
        SupplementLine(material=f"材料{n:03d}", problem="不清晰", standard="清晰可辨", remedy="重新扫描")
        for n in range(60)
    )
    reader = PdfReader(io.BytesIO(pdf(dataclasses.replace(PAPERS["F-03"], lines=lines).to_json())))
    pages = [flat(page.extract_text()) for page in reader.pages]
    with_rows = [page for page in pages if re.search(r"材料\d{3}", page)]
    assert len(with_rows) >= 2
    assert all("怎样补正" in page for page in with_rows)
    assert sorted(re.findall(r"材料\d{3}", "".join(pages))) == [f"材料{n:03d}" for n in range(60)]
    assert f"第{len(pages)}页" in pages[-1]


LONG = "云泽市" + "国际联合跨境电子商务与单用途预付卡综合服务" * 8 + "有限公司"
LONG_EN = "The Very Long Name of an International Trading Company " * 6


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("typed", [LONG, LONG_EN, "<b>*甲*</b> #let $x$ 😀"])
def test_long_and_hostile_names_come_out_whole(name, typed):
    paper = PAPERS[name]
    changed = (
        dataclasses.replace(paper, recipient=typed)
        if name == "F-08"
        else dataclasses.replace(paper, applicant=dataclasses.replace(paper.applicant, name=typed))
    )
    assert flat(typed).replace("😀", "〔U+1F600〕") in text_of(changed)


def test_a_very_long_reason_fills_pages_and_loses_nothing():
    reason = "经审查，" + "该项条件不符合规定。" * 400
    got = text_of(dataclasses.replace(PAPERS["F-07 extension"], reason=reason))
    body = re.sub(r"演示文书，无法律效力第\d+页共\d+页（云商）延字〔2026〕第00417号", "", got)
    assert body.count("该项条件不符合规定。") == 400


def test_a_long_organ_name_still_fits_the_head_and_the_seal():
    organ = "中共云泽市委员会统一战线工作部民族宗教事务综合管理办公室"
    assert organ in text_of(dataclasses.replace(PAPERS["F-01"], organ=organ))


def register(rows):
    return AcceptanceRegister(
        organ="云泽市商务局", issued_on=date(2026, 9, 30), since=date(2026, 9, 1), until=date(2026, 9, 30), rows=rows
    )


def test_the_register_is_landscape_and_counts_its_rows():
    rows = tuple(
        RegisterRow(case_no=CASE, received_on=date(2026, 9, 1), applicant=f"企业{n:03d}", item="备案")
        for n in range(120)
    )
    reader = PdfReader(io.BytesIO(pdf(register(rows).to_json())))
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    got = flat("".join(page.extract_text() for page in reader.pages))
    assert "共120件" in got
    assert len(set(re.findall(r"企业\d{3}", got))) == 120
    assert got.count("办件编号") == len(reader.pages)


def test_an_empty_register_says_so():
    assert "本期没有收件" in text_of(register(()))
    with pytest.raises(ValueError, match="ends before"):
        dataclasses.replace(register(()), until=date(2026, 8, 1))


def guide(document):
    return ItemGuide(
        organ="云泽市商务局",
        issued_on=date(2026, 9, 24),
        document=document,
        edition="第1版",
        online_url="https://zw.example/i/1",
    )


@pytest.mark.parametrize("english", [False, True])
def test_the_guide_shows_what_article_30_wants(items, english):
    document = next(d for d in items if d["name"] == "单用途商业预付卡发卡企业备案")
    got = text_of(dataclasses.replace(guide(document), english=english))
    for wanted in (
        "设定依据",
        "第七条、第八条",
        "受理条件",
        "共6项，其中3项",
        "20个工作日",
        "5个工作日",
        "不收费",
        "0980-6612388",
        "常见问题",
    ):
        assert wanted in got
    assert ("Record-filingform" in got) is english
    with pytest.raises(ValueError, match="materials"):
        guide({**document, "materials": []})


def test_every_item_of_the_demo_city_has_a_guide(items):
    for document in items:
        assert flat(document["name"]) in text_of(guide(document))


@pytest.fixture(scope="module")
def items():
    from pathlib import Path

    import zhengtong.city
    from zhengtong.rules.item_document import normalise

    path = Path(zhengtong.city.__file__).parent / "data" / "commerce_items.json"
    return [normalise(raw) for raw in json.loads(path.read_text("utf-8"))]


def test_every_template_has_its_paper():
    assert set(TEMPLATES) == {p.paper for p in PAPERS.values()} | {AcceptanceRegister.paper, ItemGuide.paper}
