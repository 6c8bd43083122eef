"""The working page of a case: who may, who may not, what is kept when a step is refused, what it costs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import Cast, accepted, cast, decided, reviewed, submitted
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.cases.models import Case, CheckTick, Consultation, SupplementItem
from zhengtong.domains.registry.models import Post, Section
from zhengtong.flows import talk

pytestmark = pytest.mark.django_db

OILS = "990121008000"  # lists an expert review and a hearing
OPINION = "材料齐全，符合条件，建议办理。"


@pytest.fixture
def people() -> Cast:
    return cast()


def at_desk(people: Cast, name: str) -> Client:
    client = Client()
    client.force_login(people.officers[name].account)
    return client


def holder_of(people: Cast, case: Case) -> str:
    case.refresh_from_db()
    return next(name for name, officer in people.officers.items() if officer.pk == case.holder_id)


def now():
    return timezone.now() - timedelta(minutes=2)


def url(case: Case, tail: str = "") -> str:
    return f"/desk/cases/{case.number}/{tail}"


def act(client: Client, case: Case, step: str, **fields):
    case.refresh_from_db()
    return client.post(url(case, f"steps/{step}/"), {"seen": case.version} | fields)


# --- who may enter ---


def test_a_citizen_never_enters_and_a_stranger_is_asked_to_sign_in(people: Cast) -> None:
    case = accepted(people, at=now())
    citizen = Client()
    citizen.force_login(people.citizen)
    for address in ("/desk/", "/desk/pool/", "/desk/counter/", "/desk/files/", url(case)):
        assert citizen.get(address).status_code == 403, address
        assert Client().get(address)["Location"].startswith("/accounts/login/"), address


def test_an_officer_of_another_organ_does_not_learn_that_the_case_exists(people: Cast) -> None:
    case = accepted(people, at=now())
    assert at_desk(people, "陈静").get(url(case)).status_code == 200  # same organ
    Post.objects.filter(officer=people.officers["陈静"]).delete()
    page = at_desk(people, "陈静").get(url(case))
    missing = at_desk(people, "陈静").get("/desk/cases/990100209901010000001X/")
    assert (page.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("张敏", "/desk/counter/", 200), ("李军", "/desk/counter/", 403),
        ("李军", "/desk/pool/", 200), ("吴涛", "/desk/pool/", 403),
        ("吴涛", "/desk/files/", 200), ("冯雪", "/desk/files/", 403),
        ("赵强", "/desk/reports/", 200), ("张敏", "/desk/reports/", 403),
        ("郑凯", "/desk/", 200),
    ],
)  # fmt: skip
def test_each_door_opens_to_its_posts(people: Cast, name: str, address: str, status: int) -> None:
    assert at_desk(people, name).get(address).status_code == status


# --- which steps a page offers ---


def offered(client: Client, case: Case) -> set[str]:
    return {form.name for form in client.get(url(case)).context["forms"]}


def test_a_page_offers_the_steps_of_its_reader_and_no_others(people: Cast) -> None:
    case = submitted(people, at=now())
    clerk = offered(at_desk(people, "张敏"), case)
    assert {"accept", "take", "refuse-acceptance", "withdraw", "correct-contact", "propose-void"} <= clerk
    assert not clerk & {"forward", "decide", "finish"}
    assert offered(at_desk(people, "吴涛"), case) == set()  # supervision sees every case and changes none
    assert act(at_desk(people, "吴涛"), case, "note", text="看过了").status_code == 403

    case = accepted(people, 2, at=now())
    holder = holder_of(people, case)
    other = "周洋" if holder == "李军" else "李军"
    assert {"forward", "consult", "assign", "say", "note"} <= offered(at_desk(people, holder), case)
    assert "suspend" not in offered(at_desk(people, holder), case)  # this item lists no special procedure
    assert not offered(at_desk(people, other), case) & {"forward", "return", "decide"}
    assert offered(at_desk(people, "孙丽"), case) == {"ask-special", "assign", "propose-void", "say", "note"}


def test_recall_is_offered_to_whoever_passed_on_and_to_nobody_else(people: Cast) -> None:
    case = accepted(people, at=now())
    holder = holder_of(people, case)
    client = at_desk(people, holder)
    assert act(client, case, "forward", opinion=OPINION).status_code == 302
    assert "recall" in offered(client, case)
    assert "recall" not in offered(at_desk(people, "王芳"), case)
    act(client, case, "recall")
    case.refresh_from_db()
    assert case.state == "PROCESSING"


# --- steps ---


def test_a_case_is_handled_reviewed_and_decided_at_the_desk(people: Cast) -> None:
    case = submitted(people, at=now())
    assert act(at_desk(people, "张敏"), case, "accept").status_code == 302
    handler = holder_of(people, case)
    assert act(at_desk(people, handler), case, "forward", opinion=OPINION).status_code == 302
    assert act(at_desk(people, "王芳"), case, "forward", opinion=OPINION).status_code == 302
    approver = holder_of(people, case)
    assert act(at_desk(people, approver), case, "decide", grants="yes", opinion="同意。").status_code == 302
    assert act(at_desk(people, "张敏"), case, "finish").status_code == 302
    assert act(at_desk(people, "张敏"), case, "deliver", mode="direct", recipient="林小雨").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.decision, case.result_code) == ("DELIVERED", "RECORD", "0")


def test_the_next_case_opens_by_itself(people: Cast) -> None:
    for number in range(1, 4):
        accepted(people, number, at=now())
    mine = list(Case.objects.filter(holder=people.officers["李军"]).order_by("id"))
    if len(mine) < 2:
        mine = list(Case.objects.filter(holder=people.officers["周洋"]).order_by("id"))
    client = at_desk(people, holder_of(people, mine[0]))
    sent = act(client, mine[0], "forward", opinion=OPINION)
    assert sent["Location"] == url(mine[1])


def test_what_is_granted_for_a_time_says_until_when(people: Cast) -> None:
    case = reviewed(people, at=now())
    client = at_desk(people, holder_of(people, case))
    page = act(client, case, "decide", grants="yes", opinion="同意。", valid_until=now().date().isoformat())
    assert page.status_code == 422
    assert "有效期要在作出决定的日子" in page.content.decode()
    until = now().date() + timedelta(days=400)
    assert act(client, case, "decide", grants="yes", opinion="同意。", valid_until=until.isoformat()).status_code == 302
    case.refresh_from_db()
    assert case.valid_until == until
    assert "有效期至" in at_desk(people, "张敏").get(url(case)).content.decode()


def test_a_refusal_without_reasons_is_shown_on_the_form_with_everything_typed(people: Cast) -> None:
    case = reviewed(people, at=now())
    client = at_desk(people, holder_of(people, case))
    page = act(client, case, "decide", grants="no", opinion="不行")
    assert page.status_code == 422
    assert "不行</textarea>" in page.content.decode()
    case.refresh_from_db()
    assert case.state == "APPROVING"


def test_an_old_page_is_told_what_happened_and_its_opinion_is_kept(people: Cast) -> None:
    case = accepted(people, at=now())
    holder = holder_of(people, case)
    old = case.version
    talk.note(case.number, text="补充一句", by=people.acting(holder), at=timezone.now())
    client = at_desk(people, holder)
    page = client.post(url(case, "steps/forward/"), {"seen": old, "opinion": OPINION})
    assert page.status_code == 409
    text = page.content.decode()
    assert f"{OPINION}</textarea>" in text
    case.refresh_from_db()
    assert f'name="seen" value="{case.version}"' in text  # the next press is a decision on what is shown now
    assert client.post(url(case, "steps/forward/"), {"seen": case.version, "opinion": OPINION}).status_code == 302


def test_a_double_click_is_one_act(people: Cast) -> None:
    case = accepted(people, at=now())
    client, seen = at_desk(people, holder_of(people, case)), case.version
    first = client.post(url(case, "steps/forward/"), {"seen": seen, "opinion": OPINION})
    second = client.post(url(case, "steps/forward/"), {"seen": seen, "opinion": OPINION})
    assert (first.status_code, second.status_code) == (302, 409)
    assert OPINION in second.content.decode()
    kinds = [e.kind for e in entries_of("case", case.number)]
    assert kinds.count("case.forwarded") == 1


def test_what_an_applicant_wrote_is_shown_and_never_run(people: Cast) -> None:
    case = accepted(people, at=now())
    evil = "<script>alert(1)</script>"
    talk.say(case.number, text=evil, by=people.applicant, at=now())
    text = at_desk(people, holder_of(people, case)).get(url(case)).content.decode()
    assert evil not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_procedure_an_item_lists_stops_the_clock_and_resumes_it() -> None:
    people = cast(OILS)
    case = accepted(people, tail=OILS, at=now())
    client = at_desk(people, holder_of(people, case))
    page = client.get(url(case))
    form = next(f for f in page.context["forms"] if f.name == "suspend")
    code = form.fields["code"].choices[0][0]
    assert act(client, case, "suspend", code=code, days="10", reason="需要专家到场评审。").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("SUSPENDED", None)
    assert "暂停" in client.get("/desk/").content.decode()
    assert "forward" not in offered(client, case)
    assert act(client, case, "resume", result="评审通过。").status_code == 302
    case.refresh_from_db()
    assert case.state == "PROCESSING"
    assert case.due_on is not None


def test_a_section_is_asked_and_answers_without_losing_a_word(people: Cast) -> None:
    case = accepted(people, at=now())
    other = Section.objects.create(organ=people.organ, name="外资科", name_en="Investment Section")
    Post.objects.create(
        officer=people.officers["冯雪"], role="handler", organ=people.organ, section=other, since="2020-01-01"
    )
    act(at_desk(people, holder_of(people, case)), case, "consult", section=other.pk, question="是否涉及外资？")
    one = Consultation.objects.get()
    asked = at_desk(people, "冯雪")
    assert "是否涉及外资？" in asked.get("/desk/consultations/").content.decode()
    page = asked.post(f"/desk/consultations/{one.pk}/", {"text": "不涉及外资。"})
    assert page.status_code == 422
    assert "不涉及外资。</textarea>" in page.content.decode()
    assert asked.post(f"/desk/consultations/{one.pk}/", {"text": "不涉及外资。", "agrees": "yes"}).status_code == 302
    one.refresh_from_db()
    assert one.agrees is True
    assert (
        at_desk(people, "王芳").post(f"/desk/consultations/{one.pk}/", {"text": "x", "agrees": "yes"}).status_code
        == 404
    )


def test_several_faults_are_told_in_one_notice_and_the_supplements_come_to_the_window(people: Cast) -> None:
    case = submitted(people, at=now())
    clerk = at_desk(people, "张敏")
    empty = clerk.post(url(case, "supplement-notice/"), {"seen": case.version})
    assert empty.status_code == 422
    post = {
        "seen": case.version,
        "defect.audited_statements.problem": "缺少审计报告签章",
        "defect.audited_statements.remedy": "请补交签章页",
        "defect.card_package.problem": "章程不全",
        "defect.card_package.remedy": "请补交章程",
    }
    half = clerk.post(url(case, "supplement-notice/"), post | {"defect.card_package.remedy": ""})
    assert half.status_code == 422
    assert "章程不全" in half.content.decode()
    assert clerk.post(url(case, "supplement-notice/"), post).status_code == 302
    assert SupplementItem.objects.filter(case=case).count() == 2
    case.refresh_from_db()
    nothing = clerk.post(url(case, "supplements/"), {"seen": case.version})
    assert nothing.status_code == 422
    brought = {"seen": case.version, "brought": ["audited_statements", "card_package"]}
    assert clerk.post(url(case, "supplements/"), brought).status_code == 302
    case.refresh_from_db()
    assert case.state == "SUBMITTED"
    page = clerk.get(url(case)).content.decode()
    assert "已被补正替换" in page


def test_ticks_are_kept_with_name_and_only_by_the_holder(people: Cast) -> None:
    case = accepted(people, at=now())
    client = at_desk(people, holder_of(people, case))
    point = client.get(url(case)).context["checklist"]["rows"][0]
    post = {"stage": "PROCESS", "code": point.code, "done": "yes"}
    assert client.post(url(case, "tick/"), post).status_code == 302
    assert CheckTick.objects.get().done is True
    assert at_desk(people, "王芳").post(url(case, "tick/"), post).status_code == 422
    assert client.post(url(case, "tick/"), post | {"stage": "NOWHERE"}).status_code == 404


def test_personal_numbers_are_masked_until_a_purpose_is_journalled(people: Cast) -> None:
    case = accepted(people, at=now())
    client = at_desk(people, holder_of(people, case))
    assert "13800000001" not in client.get(url(case)).content.decode()
    without = client.post(url(case, "reveal/"), {"what": "phone", "purpose": ""})
    assert "13800000001" not in without.content.decode()
    shown = client.post(url(case, "reveal/"), {"what": "phone", "purpose": "通知领取"})
    assert "13800000001" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    last = list(entries_of("case", case.number))[-1]
    assert (last.kind, "通知领取" in last.facts, "13800000001" in last.facts) == ("case.revealed", True, False)
    assert at_desk(people, "吴涛").post(url(case, "reveal/"), {"what": "phone", "purpose": "看看"}).status_code == 403


def test_two_people_void_a_case(people: Cast) -> None:
    case = submitted(people, at=now())
    assert act(at_desk(people, "张敏"), case, "propose-void", reason="重复录入").status_code == 302
    assert "void" in offered(at_desk(people, "孙丽"), case)
    assert act(at_desk(people, "孙丽"), case, "void").status_code == 302
    case.refresh_from_db()
    assert case.state == "VOID"


# --- files ---


def test_material_and_paper_open_in_place_for_who_sees_the_case_only(people: Cast) -> None:
    case = accepted(people, at=now())
    client = at_desk(people, holder_of(people, case))
    page = client.get(url(case))
    material = next(one for one in page.context["received"] if one.url)
    shown = client.get(material.url)
    assert shown["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert client.get(material.url + "?download=1")["Content-Disposition"].startswith("attachment")
    paper = page.context["papers"][0][0]
    pdf = client.get(url(case, f"papers/{paper.uid}/"))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    Post.objects.filter(officer=people.officers["冯雪"]).delete()
    assert at_desk(people, "冯雪").get(material.url).status_code == 404


# --- cost ---


def test_what_the_pages_ask_the_database(people: Cast, django_assert_max_num_queries) -> None:
    for number in range(1, 5):
        accepted(people, number, at=now())
    case = Case.objects.order_by("id").first()
    client = at_desk(people, holder_of(people, case))
    client.get(url(case))
    with django_assert_max_num_queries(24):
        client.get(url(case))
    with django_assert_max_num_queries(19):  # of them two badges and the cards of the page
        client.get("/desk/")
    with django_assert_max_num_queries(15):
        client.get("/desk/pool/")


def test_english_and_finished_cases_show_too(people: Cast) -> None:
    case = decided(people, at=now())
    client = at_desk(people, "吴涛")
    client.cookies["django_language"] = "en"
    page = client.get(url(case))
    assert page.status_code == 200
