"""The supervisor's leads: a list with its base, the records that show it, a decision with its reason, the month's draw."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone, translation

from tests.people import AT, accepted, cast
from tests.web.test_house_english import chinese_in
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.domains.authenticity import actions
from zhengtong.domains.authenticity import queries as authenticity
from zhengtong.domains.authenticity.models import Lead, Sample, SampleFile, Trace
from zhengtong.domains.authenticity.watching import watch
from zhengtong.domains.supervision.actions import rules
from zhengtong.domains.supervision.models import Card
from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def people():
    found = cast()
    rules.seed(at=AT)
    return found


def enter(client, people, name):
    client.force_login(people.officers[name].account, backend=BACKEND)
    return client


def lead_about(people, case, rule="D-04", what="stage_seconds", **facts):
    shown = Shown(what, case.number, 3, AT, people.officers["李军"].pk, facts or {"seconds": 20})
    return actions.find([Suspicion(rule, Scope.CASE, case.number, (shown,), organ_id=people.organ.pk)], at=AT)[0]


def test_the_list_leads_to_the_records_and_to_the_case(client, people):
    case = accepted(people)
    lead = lead_about(people, case)
    enter(client, people, "吴涛")
    page = client.get("/watch/leads/").content.decode()
    assert f"/watch/leads/{lead.number}/" in page
    assert 'href="?state=open">1</a>' in page
    detail = client.get(f"/watch/leads/{lead.number}/").content.decode()
    assert f"/watch/case/{case.number}/" in detail
    assert "与上一环节相隔 20 秒" in detail
    assert people.enterprise.name not in page + detail
    assert people.person.name not in page + detail


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 2), ("?rule=D-04", 1), ("?state=dismissed", 0), ("?rule=%00&state=evil&organ=x&before=-1&since=1", 2),
        ("?since=2026-09-25", 0), ("?until=2026-09-25", 2),
    ],
)  # fmt: skip
def test_filters(query, rows, client, people):
    case = accepted(people)
    lead_about(people, case)
    lead_about(people, case, "D-02", "outcome_before")
    enter(client, people, "吴涛")
    assert len(client.get(f"/watch/leads/{query}").context["rows"]) == rows


def test_pages_meet_every_lead_once(client, people, monkeypatch):
    case = accepted(people)
    for number in range(5):
        shown = Shown("after_hours", case.number, number, AT)
        actions.find([Suspicion("D-03", Scope.OFFICER, str(number), (shown,), organ_id=people.organ.pk)], at=AT)
    enter(client, people, "吴涛")
    monkeypatch.setattr(authenticity, "leads", partial(authenticity.leads, limit=2))
    met, address = [], "/watch/leads/"
    while address:
        context = client.get(address).context
        met += [lead.number for lead, *_ in context["rows"]]
        address = f"/watch/leads/?before={context['before']}" if context["before"] else ""
    assert met == list(Lead.objects.order_by("-pk").values_list("number", flat=True))


def test_confirming_issues_a_card(client, people):
    lead = lead_about(people, accepted(people))
    enter(client, people, "吴涛")
    address = f"/watch/leads/{lead.number}/confirm/"
    assert client.post(address, {"confirm-level": "yellow"}).status_code == 422
    assert not Card.objects.exists()
    answer = client.post(address, {"confirm-level": "yellow", "confirm-reason": "两人承认代点。"}, follow=True)
    card = Card.objects.get()
    page = answer.content.decode()
    assert f"/watch/cards/{card.number}/" in page
    assert "两人承认代点。" in page
    assert client.post(address, {"confirm-level": "yellow", "confirm-reason": "再来。"}).status_code == 422


def test_dismissing_keeps_the_reason(client, people):
    lead = lead_about(people, accepted(people))
    enter(client, people, "吴涛")
    client.post(f"/watch/leads/{lead.number}/dismiss/", {"dismiss-reason": "系统升级后补传。"})
    lead.refresh_from_db()
    assert (lead.state, lead.reason) == ("dismissed", "系统升级后补传。")
    assert "系统升级后补传。" in client.get(f"/watch/leads/{lead.number}/").content.decode()


def test_the_centre_reads_and_decides_nothing(client, people):
    lead = lead_about(people, accepted(people))
    enter(client, people, "蒋华")
    assert "认定并发牌" not in client.get(f"/watch/leads/{lead.number}/").content.decode()
    assert client.post(f"/watch/leads/{lead.number}/dismiss/", {"dismiss-reason": "x"}).status_code == 403
    tomorrow = timezone.localdate() + timedelta(days=1)
    for on, status in ((tomorrow - timedelta(days=2), 422), (tomorrow, 302)):
        said = {"on": on.isoformat(), "opens": "09:00", "closes": "12:00", "reason": "周六延时服务"}
        assert client.post("/watch/hours/", said).status_code == status
    assert "周六延时服务" in client.get("/watch/hours/").content.decode()


def test_a_sample_is_drawn_and_judged(client, people):
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    case = accepted(people)
    seal_and_publish(at=timezone.now())
    watch(at=timezone.now())
    Trace.objects.update(finished_month=month)
    enter(client, people, "吴涛")
    assert month in client.get("/watch/samples/").content.decode()
    assert client.post("/watch/samples/draw/", {"month": "evil"}).status_code == 404
    assert client.post("/watch/samples/draw/", {"month": month}).status_code == 302
    sample, file = Sample.objects.get(), SampleFile.objects.get()
    page = client.get(f"/watch/samples/{month}/").content.decode()
    assert sample.root in page
    assert f"/watch/case/{case.number}/" in page
    address = f"/watch/samples/{month}/{file.case_no}/"
    untrue = {f"{file.case_no}-verdict": "untrue", f"{file.case_no}-note": ""}
    assert client.post(address, untrue).status_code == 422
    assert client.post(address, untrue | {f"{file.case_no}-note": "无此申请。"}).status_code == 302
    assert "无此申请。" in client.get(f"/watch/samples/{month}/").content.decode()


def test_empty_rooms_say_what_will_stand_there(client, people):
    enter(client, people, "吴涛")
    assert "还没有数据线索" in client.get("/watch/leads/").content.decode()
    assert "还没有抽查" in client.get("/watch/samples/").content.decode()
    assert client.get("/watch/samples/2026-01/").status_code == 404
    assert client.get("/watch/leads/XS2026999999/").status_code == 404


def test_queries_do_not_grow_with_the_rows(client, people, django_assert_max_num_queries):
    for number in range(1, 4):
        lead_about(people, accepted(people, number))
    enter(client, people, "吴涛")
    client.get("/watch/leads/")
    with django_assert_max_num_queries(16):
        client.get("/watch/leads/")
    with django_assert_max_num_queries(14):
        client.get(f"/watch/leads/{Lead.objects.first().number}/")


def test_english_pages_say_everything_in_english(client, people):
    case = accepted(people)
    lead = lead_about(people, case)
    lead_about(people, case, "D-10", "volume", accepted=600, staff_days=20, rate=30.0, peers=6.0)
    seal_and_publish(at=timezone.now())
    watch(at=timezone.now())
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    Trace.objects.update(finished_month=month)
    enter(client, people, "吴涛")
    client.cookies["zhengtong_language"] = "en"
    client.post("/watch/samples/draw/", {"month": month})
    with translation.override("en"):
        for address in ("leads/", f"leads/{lead.number}/", "samples/", f"samples/{month}/", "hours/"):
            page = client.get(f"/watch/{address}").content.decode()
            assert chinese_in(page) == [], address
