"""Forecast and what-if as supervisors see them: figures equal the queries, each reads what is theirs, both languages."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import translation

from tests.flows.acts import OIL, bring
from tests.people import AT, accepted, cast
from tests.web.test_house_english import chinese_in
from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.cases.models import Case
from zhengtong.domains.forecast import actions, queries, what_if
from zhengtong.domains.forecast.models import CaseForecast, Fit
from zhengtong.domains.forecast.what_if import Question, Supposition
from zhengtong.rules.procedure import Stage, State
from zhengtong.web.frame.messages import compile_all

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ("/watch/forecast/", "/watch/forecast/accuracy/", "/watch/forecast/what-if/")


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    compile_all()
    translation.trans_real._translations = {}


@pytest.fixture
def people():
    return cast()


def enter(client, people, name):
    client.force_login(people.officers[name].account, backend=BACKEND)
    return client


LATER = AT + timedelta(days=46)  # Monday 9 November 2026


def told(people, ended=12, running=3):
    """A bureau that ended `ended` cases in autumn, every fourth of them late, and on LATER took in `running` more."""
    for number in range(1, ended + 1):
        case = accepted(people, number)
        row = Deadline.objects.get(subject_key=case.number, kind="promise")
        end = row.due_at + timedelta(days=1 if number % 4 == 0 else -1 - number % 5)
        Deadline.objects.filter(pk=row.pk).update(outcome="met" if number % 4 else "missed", closed_at=end)
        Case.objects.filter(pk=case.pk).update(
            state=State.DELIVERED.value, holder=None, finished_at=end, decided_at=end, due_at=None, due_on=None
        )
    for number in range(ended + 1, ended + running + 1):
        accepted(people, number, at=LATER + timedelta(minutes=number))


def fitted(people, **counts):
    told(people, **counts)
    return actions.refit(at=LATER + timedelta(hours=20))


def test_before_anything_was_learnt_every_page_says_what_to_do(client, people):
    enter(client, people, "吴涛")
    assert "还没有可供学习的办件" in client.get(PAGES[0]).content.decode()
    assert "还不能检验" in client.get(PAGES[1]).content.decode()
    assert "还没有办件可以推演" in client.get(PAGES[2]).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("吴涛", 200), ("蒋华", 200), ("孙丽", 200), ("赵强", 200), ("李军", 403), ("张敏", 403), ("冯雪", 403)],
)
def test_who_reads_forecasts(name, status, client, people):
    enter(client, people, name)
    assert [client.get(page).status_code for page in PAGES] == [status] * 3
    assert client.post(PAGES[0]).status_code in (403, 405)


def test_open_cases_come_with_the_likeliest_first_and_link_to_their_page(client, people):
    fitted(people)
    page = enter(client, people, "吴涛").get("/watch/forecast/")
    stored = list(CaseForecast.objects.order_by("-late_per_mille", "pk").values_list("case__number", flat=True))
    assert len(stored) == 3
    assert [row.case.number for row in page.context["rows"]] == stored
    text = page.content.decode()
    assert all(f"/watch/case/{number}/" in text for number in stored)
    assert page.context["totals"].cases == 3
    assert page.context["totals"].expected == pytest.approx(
        sum(CaseForecast.objects.values_list("late_per_mille", flat=True)) / 1000
    )


def test_a_decided_case_is_no_longer_listed(client, people):
    fitted(people)
    gone = CaseForecast.objects.first().case
    Case.objects.filter(pk=gone.pk).update(state=State.DECIDED.value)
    page = enter(client, people, "吴涛").get("/watch/forecast/")
    assert gone.number not in {row.case.number for row in page.context["rows"]}
    assert page.context["totals"].cases == 2


def test_the_stored_forecast_equals_the_one_computed_on_reading(people):
    assert fitted(people) == 3
    at = LATER + timedelta(hours=20)
    for number, one in queries.forecasts(list(Case.objects.values_list("number", flat=True)), at=at).items():
        row = CaseForecast.objects.get(case__number=number)
        assert row.late_per_mille == round(one.chance * 1000)
        assert (row.first_on, row.middle_on, row.last_on) == one.finish
        assert LATER.date() <= row.first_on <= row.middle_on <= row.last_on
        assert (row.circle, row.base, row.due_on) == (one.circle, one.base, one.due_on)
        assert (one.base, one.shown) == (12, False)  # too few to show to those who handle the case


def test_learning_again_changes_nothing_and_a_second_worker_leaves_it(people):
    fitted(people)
    at = LATER + timedelta(hours=20)
    once = list(CaseForecast.objects.order_by("pk").values())
    models = list(Fit.objects.order_by("scope", "scope_id").values_list("parameters", flat=True))
    assert actions.refit_nightly(at=at + timedelta(hours=1)) == 0
    assert actions.refit(at=at) == 3
    assert list(CaseForecast.objects.order_by("pk").values()) == once
    assert list(Fit.objects.order_by("scope", "scope_id").values_list("parameters", flat=True)) == models
    assert actions.refit_nightly(at=at + timedelta(hours=24)) == 3


def test_pages_meet_every_case_once(people):
    fitted(people, running=5)
    CaseForecast.objects.update(late_per_mille=300)
    CaseForecast.objects.filter(pk=CaseForecast.objects.last().pk).update(late_per_mille=700)
    met, after = [], ""
    while True:
        page = queries.likely_late(after=after, limit=2)
        met += [row.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert sorted(met) == sorted(CaseForecast.objects.values_list("pk", flat=True))
    assert len(met) == len(set(met)) == 5


@pytest.mark.parametrize("after", ["x", "~", "999999~1", "5~99999999999999999999999", "' OR 1=1~1", "²~1"])
def test_a_strange_page_mark_does_no_harm(after, client, people):
    fitted(people, ended=2, running=1)
    assert enter(client, people, "吴涛").get("/watch/forecast/", {"after": after}).status_code == 200


def test_a_head_of_section_reads_only_their_own_organ(client, people):
    fitted(people)
    CaseForecast.objects.update(organ_id=people.organ.pk)
    enter(client, people, "孙丽")
    assert len(client.get("/watch/forecast/").context["rows"]) == 3
    assert client.get("/watch/forecast/?organ=nobody").status_code == 404
    assert client.get("/watch/forecast/?item=nobody").status_code == 404
    assert client.get("/watch/forecast/accuracy/?of=organ-nobody").status_code == 404


MEASURED = {
    "forecasts": 50, "cases": 30, "origins": 4, "late": 12, "mean": 0.25, "brier": 0.17, "brier_raw": 0.17,
    "brier_base": 0.1824, "brier_known": 0.19, "log_loss": 0.5, "log_loss_base": 0.55, "covered": 33, "intervals": 40,
    "bands": [
        {"low": 0.1, "high": 0.2, "count": 30, "forecast": 0.16, "late": 5, "least": 0.07, "most": 0.34},
        {"low": 0.3, "high": 0.4, "count": 20, "forecast": 0.36, "late": 7, "least": 0.18, "most": 0.57},
    ],
    "around_fifth": {"low": 0.15, "high": 0.25, "count": 25, "forecast": 0.19, "late": 5, "least": 0.09, "most": 0.39},
    "first": "2026-10-01T00:00:00+08:00", "last": "2026-11-01T00:00:00+08:00",
    "left": {"late_already": 4, "paused": 3, "undecided": 2, "void": 1},
}  # fmt: skip


def test_the_accuracy_page_prints_what_was_measured(client, people):
    fitted(people)
    Fit.objects.filter(scope="house").update(calibration=MEASURED)
    page = enter(client, people, "吴涛").get("/watch/forecast/accuracy/")
    text = page.content.decode()
    assert [(band.count, band.observed) for band in page.context["bands"]] == [(30, 5 / 30 * 100), (20, 35.0)]
    for words in (
        "25 次预测里，后来超期 5 次",
        "20.0%",
        "0.1700",
        "0.1824",
        "6.8%",
        "40 次中 33 次",
        "共 50 次预测、30 件",
    ):
        assert words in text, words
    assert "<svg" in text
    assert "后来超期 5 次，即 20.0%" in client.get("/watch/forecast/").content.decode()


# --- what if ---


def asked(**more):
    return {"since": "2026-09-01", "until": "2026-12-31", **more}


def test_another_limit_is_a_recount_of_the_same_ends(client, people):
    told(people)
    enter(client, people, "吴涛")
    page = client.get("/watch/forecast/what-if/", asked(change="limit", limit="1"))
    found = page.context["recount"]
    assert (found["cases"], found["late"]) == (12, 3)
    assert found["then"] >= found["late"]
    assert found["newly"] - found["saved"] == found["then"] - found["late"]
    amount = Deadline.objects.filter(kind="promise").first().amount
    same = client.get("/watch/forecast/what-if/", asked(change="limit", limit=str(amount))).context["recount"]
    assert (same["then"], same["newly"], same["saved"]) == (3, 0, 0)


def test_one_more_and_one_fewer_are_played_and_say_how_far_to_trust_them(client, people):
    told(people)
    enter(client, people, "吴涛")
    page = client.get("/watch/forecast/what-if/", asked(change="more", stage="ACCEPT"))
    text = page.content.decode()
    assert "能信到什么程度" in text
    assert "不作改动重演一遍，与真实办结平均差 0.00 个工作日" in text
    assert [side.side.cases for side in page.context["sides"]] == [12] * 4
    # Only one clerk accepts in the cast's bureau.
    fewer = client.get("/watch/forecast/what-if/", asked(change="fewer", stage="ACCEPT")).content.decode()
    assert "减去就没有人了" in fewer
    beside = client.get("/watch/forecast/what-if/", asked(change="beside", stage="FINISH")).content.decode()
    assert "办结之后没有下一个环节" in beside


def test_a_period_without_cases_and_days_the_wrong_way_round(client, people):
    told(people, ended=3, running=0)
    enter(client, people, "吴涛")
    empty = {"change": "limit", "since": "2020-01-01", "until": "2020-02-01"}
    assert "没有收到后来办结的件" in client.get("/watch/forecast/what-if/", empty).content.decode()
    wrong = {"change": "limit", "since": "2026-12-01", "until": "2026-02-01"}
    assert "开始日期在结束日期之后" in client.get("/watch/forecast/what-if/", wrong).content.decode()
    assert client.get("/watch/forecast/what-if.csv", wrong).status_code == 404
    assert client.get("/watch/forecast/what-if/", {"change": "evil"}).status_code == 404


@pytest.mark.parametrize(
    ("since", "until"),
    [("0001-01-01", "9999-12-31"), ("x", "2026-99-99"), ("9999-12-31", "9999-12-31"), ("", "0001-01-01")],
)
def test_any_day_may_be_typed(since, until, client, people):
    told(people, ended=2, running=0)
    enter(client, people, "吴涛")
    for change in ("limit", "more"):
        asked_for = {"change": change, "since": since, "until": until, "limit": "99999999", "stage": "ACCEPT"}
        assert client.get("/watch/forecast/what-if/", asked_for).status_code == 200
        assert client.get("/watch/forecast/what-if.csv", asked_for).status_code in (200, 404)


@pytest.mark.parametrize("change", ["limit", "more", "beside"])
def test_the_file_has_a_line_for_each_case(change, client, people):
    told(people)
    got = enter(client, people, "吴涛").get(
        "/watch/forecast/what-if.csv", asked(change=change, stage="ACCEPT", limit="3")
    )
    assert got["Content-Disposition"].startswith("attachment")
    head, *rows = csv.reader(io.StringIO(got.getvalue().decode("utf-8-sig")))
    assert len(rows) == 12
    assert all(len(row) == len(head) for row in rows)
    assert sum(int(row[head.index("超期")]) for row in rows) == 3


def test_the_same_question_gives_the_same_answer(people):
    told(people)
    question = Question(AT.date(), AT.date() + timedelta(days=30), Supposition.MORE, stage=Stage.ACCEPT)
    first, second = what_if.answer(question), what_if.answer(question)
    assert first.outcomes == second.outcomes
    assert first.judged == 12


def test_real_steps_are_played_too():
    """A case taken through the flows has visits in its stages; without a change it ends when it ended."""
    people = cast(OIL)
    bring(people, State.DECIDED)
    received = Case.objects.get().received_at.date()
    found = what_if.answer(Question(received, received + timedelta(days=9), Supposition.BESIDE, stage=Stage.PROCESS))
    for outcome in found.outcomes.values():
        assert outcome.error == pytest.approx(0, abs=0.01)
        assert {stage for stage, count in outcome.before.visits.items() if count} >= {Stage.PROCESS, Stage.REVIEW}


# --- all of it ---


def test_english_pages_speak_english(client, people):
    fitted(people)
    enter(client, people, "吴涛")
    Fit.objects.filter(scope="house").update(calibration=MEASURED)
    client.cookies["zhengtong_language"] = "en"
    for page in (*PAGES, "/watch/forecast/?over=1"):
        assert chinese_in(client.get(page).content.decode()) == [], page
    for change in ("limit", "more", "beside"):
        got = client.get(PAGES[2], asked(change=change, stage="ACCEPT"))
        assert chinese_in(got.getvalue().decode()) == [], change


def test_queries(client, people, django_assert_max_num_queries):
    fitted(people, ended=6, running=8)
    enter(client, people, "吴涛")
    for page in PAGES:
        client.get(page)
    with django_assert_max_num_queries(18):
        assert len(client.get("/watch/forecast/").context["rows"]) == 8
    with django_assert_max_num_queries(13):
        client.get("/watch/forecast/accuracy/")
    with django_assert_max_num_queries(11):
        client.get("/watch/forecast/what-if/")
    with django_assert_max_num_queries(20):  # on PostgreSQL five of them keep the answer in the shared cache
        client.get("/watch/forecast/what-if/", asked(change="more", stage="ACCEPT"))


def test_the_page_of_an_open_case_says_how_it_will_likely_end_and_an_ended_one_does_not(client, people):
    fitted(people, ended=40)
    enter(client, people, "吴涛")
    running, ended = Case.objects.order_by("-pk").first(), Case.objects.order_by("pk").first()
    page = client.get(f"/watch/case/{running.number}/")
    out, percent = page.context["outlook"]
    assert out == queries.forecasts([running.number], at=page.context["at"])[running.number]
    assert percent == round(out.chance * 100)
    assert "超期可能" in page.content.decode()
    assert client.get(f"/watch/case/{ended.number}/").context["outlook"] is None
