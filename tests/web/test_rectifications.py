"""差评整改 through the front doors: the desk, the unhappy person's page, the public ledger, the figures."""

import html
import re
from base64 import b64decode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.flows.test_rectifications import CALLER, CENTRE, CHIEF, COLLEAGUE, HEAD, RATED, SUPERVISOR, bad
from tests.people import Cast, cast
from tests.web.test_frame_pages import strayed
from tests.web.world_rectifications import rectified
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows import rectification_mended as mended
from zhengtong.flows.rectification_dispatched import dispatch_rectification
from zhengtong.flows.rectification_verified import verify_rectification
from zhengtong.rules.rectifications import Verdict

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)
# One white point.
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==")


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    cache.clear()


@pytest.fixture
def people() -> Cast:
    return cast()


def desk(client, people, name, language=""):
    client.force_login(people.officers[name].account, backend=BACKEND)
    if language:
        client.cookies["zhengtong_language"] = language
    return client


def citizen(client, account):
    client.force_login(account, backend=BACKEND)
    return client


def page_of(client, address, status=200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def step(client, row, name, status=302, **data):
    row.refresh_from_db()
    answer = client.post(f"/desk/rectifications/{row.number}/steps/{name}/", {"seen": row.version, **data})
    assert answer.status_code == status, answer.content.decode()[-3000:]
    row.refresh_from_db()
    return answer.content.decode()


def at_revisit(people, verdict=Verdict.SIMPLE) -> Rectification:
    now = timezone.now()
    row = bad(people, at=now)
    row = dispatch_rectification(
        row.number, organ_id=people.organ.pk, section_id=people.section.pk, seen=None, by=people.acting(CENTRE), at=now
    )
    row = verify_rectification(
        row.number, verdict, text="确有此事", plan="增开窗口", seen=None, by=people.acting(HEAD), at=now
    )
    return mended.fix_rectification(row.number, text="已增开窗口", seen=None, by=people.acting(RATED), at=now)


def test_the_whole_loop_at_the_desk(client, people):
    row = bad(people, at=timezone.now())
    desk(client, people, CENTRE)
    assert row.number in page_of(client, "/desk/rectifications/")
    step(client, row, "dispatch", responsible=f"{people.organ.pk}.{people.section.pk}", text="请核实")
    assert row.state == "VERIFY"
    desk(client, people, RATED)  # hears of it when somebody else has verified it
    assert row.number not in page_of(client, "/desk/rectifications/?all=1")
    page_of(client, f"/desk/rectifications/{row.number}/", 404)
    step(client, row, "verify", 404, verdict="SIMPLE", text="没有的事")
    desk(client, people, COLLEAGUE)
    assert row.number in page_of(client, "/desk/rectifications/")
    step(client, row, "verify", verdict="SIMPLE", text="当天只开一个窗口")
    desk(client, people, RATED)
    text = page_of(client, f"/desk/rectifications/{row.number}/")
    assert "不能核实" in text
    assert "steps/verify/" not in text
    assert "林小雨" not in text
    desk(client, people, COLLEAGUE)
    picture = SimpleUploadedFile("现场.png", PNG, content_type="image/png")
    step(client, row, "fix", text="已增开窗口", files=picture)
    assert row.state == "REVISIT"
    desk(client, people, CALLER)
    assert "林小雨" not in page_of(client, f"/desk/rectifications/{row.number}/")
    answer = client.post(f"/desk/rectifications/{row.number}/reveal/", {"purpose": ""})
    assert "请写明查看的用途" in answer.content.decode()
    assert "林小雨" not in answer.content.decode()
    answer = client.post(f"/desk/rectifications/{row.number}/reveal/", {"purpose": "电话回访"})
    assert "林小雨" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    step(client, row, "revisit", satisfied="yes")
    assert (row.state, row.satisfied) == ("CLOSED", True)
    assert "属实，已整改" in page_of(client, "/desk/rectifications/closed/")


def test_nobody_of_the_organ_reveals_who_rated(client, people):
    row = at_revisit(people)
    for who in (RATED, COLLEAGUE, HEAD):
        desk(client, people, who)
        answer = client.post(f"/desk/rectifications/{row.number}/reveal/", {"purpose": "看看"})
        assert answer.status_code == 403
        assert "13800000001" not in answer.content.decode()
        assert "林小雨" not in page_of(client, f"/desk/rectifications/{row.number}/")


def test_untrue_with_evidence_and_a_second_person(client, people):
    row = bad(people, at=timezone.now())
    step(desk(client, people, CENTRE), row, "dispatch", responsible=f"{people.organ.pk}.")
    desk(client, people, HEAD)
    assert "必须有证据" in step(client, row, "verify", 422, verdict="UNTRUE", text="没有这件事")
    step(
        client, row, "verify", verdict="UNTRUE", text="没有这件事",
        files=SimpleUploadedFile("监控.png", PNG, content_type="image/png"),
    )  # fmt: skip
    assert row.state == "REVIEW"
    step(desk(client, people, SUPERVISOR), row, "confirm", text="监控属实")
    assert row.outcome == "UNTRUE"
    assert Rating.objects.get(number=row.rating_number).excluded_at is not None


def test_the_unhappy_person_reads_and_answers(client, people):
    row = at_revisit(people)
    address = f"/rectifications/{row.token}/"
    assert client.get(address).status_code == 302  # bound to an account: sign in
    citizen(client, people.stranger)
    assert client.get(address).status_code == 404
    citizen(client, people.citizen)
    assert str(row.token) in page_of(client, "/rectifications/mine/")
    text = page_of(client, address)
    assert "已增开窗口" in text
    assert "等您说是否满意" in text
    assert client.post(address + "answer/", {"satisfied": "no", "text": ""}).status_code == 422
    assert client.post(address + "answer/", {"satisfied": "no", "text": "还是没人"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.turn) == ("VERIFY", 2)
    assert "已由上一级重新办理" in page_of(client, address)
    desk(client, people, CHIEF)
    assert row.number in page_of(client, "/desk/rectifications/")


def test_who_left_a_phone_only_comes_by_the_address(client, people):
    row = at_revisit(people)
    Rectification.objects.filter(pk=row.pk).update(account=None)
    assert "已增开窗口" in page_of(client, f"/rectifications/{row.token}/")
    assert client.get(f"/rectifications/{uuid4()}/").status_code in (302, 404)
    assert client.post(f"/rectifications/{row.token}/answer/", {"satisfied": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "CLOSED"
    text = page_of(client, f"/rectifications/{row.token}/")
    assert "要求重新办理" in text
    assert client.post(f"/rectifications/{row.token}/reopen/", {"text": "又没人了"}).status_code == 302
    row.refresh_from_db()
    assert row.turn == 2
    assert client.post(f"/rectifications/{row.token}/reopen/", {"text": "又没人了"}).status_code == 409


def test_everybody_reads_the_ledger_and_nobody_is_named_in_it(client, people):
    at_revisit(people, Verdict.COMPLEX)
    text = page_of(client, "/rectifications/")
    assert "增开窗口" in text
    assert "林小雨" not in text
    assert RATED not in text
    assert "等了两个小时" not in text


def test_figures_with_bases_and_rows(client, people):
    row = at_revisit(people)
    Rectification.objects.filter(pk=row.pk).update(mend_due_on=timezone.localdate())
    desk(client, people, SUPERVISOR)
    for group in ("organ", "section", "month"):
        text = page_of(client, f"/watch/rectifications/?group={group}")
        assert "1/1" in text
        assert "100.0%" in text
    today = timezone.localdate()
    text = page_of(client, f"/watch/rectifications/rows/?part=in_time&since={today}&until={today}")
    assert row.number in text
    csv = b"".join(client.get("/watch/rectifications/export.csv").streaming_content).decode()
    assert "差评" in csv
    assert people.organ.name in csv
    assert client.get("/watch/rectifications/export.xlsx").status_code == 200
    assert client.get("/watch/rectifications/rows/?part=all&since=x").status_code == 404


@pytest.mark.parametrize(
    ("who", "address"),
    [
        (CENTRE, "/desk/rectifications/?all=1"),
        (CENTRE, "/desk/rectifications/closed/"),
        (HEAD, "/desk/rectifications/{number}/"),
        (CALLER, "/desk/rectifications/{number}/"),
        (SUPERVISOR, "/watch/rectifications/?group=section"),
        (SUPERVISOR, "/watch/rectifications/rows/?part=opened&since=2020-01-01&until=2199-01-01"),
    ],
)
def test_in_english_no_chinese_strays_at_the_desk(client, people, who, address):
    row = at_revisit(people)
    text = page_of(desk(client, people, who, "en"), address.format(number=row.number))
    assert strayed(text) == []


@pytest.mark.parametrize("address", ["/rectifications/", "/rectifications/mine/", "/rectifications/{token}/"])
def test_in_english_no_chinese_strays_in_the_portal(client, people, address):
    row = at_revisit(people, Verdict.COMPLEX)
    client.cookies["zhengtong_language"] = "en"
    text = page_of(citizen(client, people.citizen), address.format(token=row.token))
    assert strayed(text) == []


def test_queries_do_not_grow_with_the_list(client, people):
    desk(client, people, CENTRE)
    for _n in range(2):
        bad(people, at=timezone.now())
    page_of(client, "/desk/rectifications/?all=1")
    with CaptureQueriesContext(connection) as few:
        page_of(client, "/desk/rectifications/?all=1")
    for _n in range(6):
        bad(people, at=timezone.now())
    page_of(client, "/desk/rectifications/?all=1")  # the calendar is read once to a process
    with CaptureQueriesContext(connection) as more:
        page_of(client, "/desk/rectifications/?all=1")
    assert len(more) == len(few)
    row = at_revisit(people)
    desk(client, people, CALLER)
    page_of(client, f"/desk/rectifications/{row.number}/")
    with CaptureQueriesContext(connection) as one:
        page_of(client, f"/desk/rectifications/{row.number}/")
    assert len(one) <= 30, len(one)


def test_pages_go_on_by_key(client, people, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    rows = [bad(people, at=timezone.now() - n * DAY) for n in range(5)]
    desk(client, people, CENTRE)
    seen, address = set(), "/desk/rectifications/?all=1"
    for _page in range(4):
        text = page_of(client, address)
        seen |= {row.number for row in rows if row.number in text}
        found = re.search(r'rel="next" href="([^"]+)"', text)
        if not found:
            break
        address = "/desk/rectifications/" + html.unescape(found[1])
    assert seen == {row.number for row in rows}


def test_good_ratings_asked_again(client, people):
    asked = rectified(people)["desk:rating_sample"]
    list_of, one = "/desk/rectifications/asked/", f"/desk/rectifications/asked/{asked['month']}/"
    desk(client, people, SUPERVISOR)
    assert asked["month"] in page_of(client, list_of)
    assert client.post(f"{one}{asked['number']}/reveal/", {"purpose": "看看"}).status_code == 403
    desk(client, people, CALLER)
    assert "林小雨" not in page_of(client, one)
    answer = client.post(f"{one}{asked['number']}/reveal/", {"purpose": "好评回访"})
    assert "林小雨" in answer.content.decode()
    assert client.post(f"{one}{asked['number']}/tell/", {"result": "worse", "note": "不满意"}).status_code == 302
    assert "说比原来差" in page_of(client, one + "?all=1")
    client.cookies["zhengtong_language"] = "en"
    assert strayed(page_of(client, one + "?all=1")) == []
    assert strayed(page_of(client, list_of)) == []
