"""The pages of cards and rules: who sees what, figures lead to their rows, drafts go out after a look, a trial counts."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.flows.acts import OIL
from tests.people import Cast, accepted, cast
from tests.web.portal import signed_in
from tests.web.test_frame_pages import strayed
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.supervision import actions, trial
from zhengtong.domains.supervision.models import Card, Rule, RuleVersion, Trial
from zhengtong.domains.supervision.shipped import shipped
from zhengtong.flows import card_answered, card_appealed, supervise
from zhengtong.rules.clock import SHANGHAI, Level
from zhengtong.rules.supervision.findings import Evidence, Finding

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def people() -> Cast:
    return cast(OIL)


def client(people: Cast, name: str, *, english: bool = False):
    return signed_in(people.officers[name].account, english=english)


def raised(
    people: Cast, key: str = "C1", *, rule: str = "T-02", level: Level = Level.YELLOW, imported: bool = False
) -> Card:
    found = Finding(
        rule, level, "case", key, people.organ.pk, people.section.pk, people.officers["李军"].pk,
        (Evidence("case", key, 3, {"limit": "promise"}),), {"key": key, "due": "2026-09-20"}, imported=imported,
    )  # fmt: skip
    card = actions.raise_card(found, by=SYSTEM, at=timezone.now())
    assert card is not None
    return card


@pytest.mark.parametrize("english", [False, True])
def test_the_pages_are_drawn_in_both_languages(people: Cast, english: bool) -> None:
    case = accepted(people, 1, OIL)
    supervise.supervise(at=datetime(2026, 10, 16, tzinfo=SHANGHAI))
    card = Card.objects.get(subject_key=case.number, rule_code="T-02")
    handler = next(name for name, officer in people.officers.items() if officer.pk == card.officer_id)
    at = datetime(2026, 10, 16, 10, tzinfo=SHANGHAI)
    card_appealed.appeal(card.number, reasons="当日系统停机。", by=people.acting(handler), at=at)
    raised(people, "C1", imported=True)
    other = raised(people, "C2")
    card_answered.answer(
        other.number, cause="人手不足。", measure="增派。", by=people.acting("李军"), at=timezone.now()
    )
    watch, desk = client(people, "吴涛", english=english), client(people, handler, english=english)
    tried = trial.start(
        "T-02", {"levels": {"yellow": 2}, "thresholds": {}}, since=date(2026, 10, 1), until=date(2026, 10, 31),
        by=people.acting("吴涛"), at=at,
    )  # fmt: skip
    page = reverse("watch:trial", args=[tried.pk])
    pages = [
        watch.get(page),
        watch.post(page, headers={"HX-Request": "true"}),
        watch.post(reverse("watch:cards_issue"), {"card": Card.objects.get(subject_key="C1").number}),
        watch.post(reverse("watch:rule", args=["T-01"]), {"level_warn": "x"}),
        watch.post(reverse("watch:card_step", args=[other.number, "cancel"]), {"reason": ""}),
    ]
    pages += [watch.get(reverse("watch:card", args=[one.number])) for one in (card, other)]
    pages += [watch.get(reverse("watch:rule", args=[code])) for code in ("T-01", "T-13", "T-10", "D-01", "E-7")]
    pages += [
        watch.get(reverse("watch:cards")),
        watch.get(reverse("watch:rules")),
        watch.get(reverse("watch:cards") + "?q=x"),
    ]
    pages += [desk.get(reverse("desk:card", args=[card.number])), desk.get(reverse("desk:cards") + "?all=1")]
    pages += [desk.get(reverse("desk:cards")), desk.get(reverse("desk:case", args=[case.number])), desk.get("/desk/")]
    for answer in pages:
        assert answer.status_code in (200, 422), answer.request["PATH_INFO"]
        if english:
            assert strayed(answer.content.decode()) == [], answer.request["PATH_INFO"]


def test_figures_lead_to_the_rows_they_count(people: Cast) -> None:
    raised(people, "C1")
    raised(people, "C2", rule="T-03", level=Level.RED)
    raised(people, "C3", imported=True)
    page = client(people, "吴涛").get(reverse("watch:cards"))
    assert page.context["standing"] == 3
    for _label, count, state in page.context["counts"]:
        rows = client(people, "吴涛").get(reverse("watch:cards"), {"state": state, "open": "1"}).context["rows"]
        assert len(rows) == count


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"level": "red"}, {"C2"}),
        ({"rule": "T-02"}, {"C1", "C3"}),
        ({"group": "P"}, set()),
        ({"state": "DRAFT"}, {"C3"}),
        ({"q": "c1"}, {"C1"}),
        ({"since": "2099-01-01"}, set()),
        ({"state": "nonsense", "organ": "x", "before": "-1", "since": "never"}, {"C1", "C2", "C3"}),
    ],
)
def test_filters_of_the_address(people: Cast, asked: dict, keys: set) -> None:
    raised(people, "C1")
    raised(people, "C2", rule="T-03", level=Level.RED)
    raised(people, "C3", imported=True)
    rows = client(people, "吴涛").get(reverse("watch:cards"), asked).context["rows"]
    assert {one.card.subject_key for one in rows} == keys


def test_drafts_go_out_after_a_look(people: Cast) -> None:
    drafts = [raised(people, f"C{n}", imported=True) for n in range(1, 4)]
    chosen = [card.number for card in drafts[:2]]
    supervisor = client(people, "吴涛")
    look = supervisor.post(reverse("watch:cards_issue"), {"card": chosen})
    assert (len(look.context["rows"]), look.context["points"]) == (2, 10)
    assert set(Card.objects.values_list("state", flat=True)) == {"DRAFT"}  # nothing has happened yet
    supervisor.post(reverse("watch:cards_issue"), {"card": chosen, "confirmed": "1"})
    assert sorted(Card.objects.values_list("state", flat=True)) == ["DRAFT", "ISSUED", "ISSUED"]
    issued = Card.objects.get(number=chosen[0])
    assert issued.issued_by == people.officers["吴涛"]
    assert client(people, "孙丽").post(reverse("watch:cards_issue"), {"card": chosen}).status_code == 403


def test_the_export_holds_what_the_list_shows(people: Cast) -> None:
    card = raised(people, "C1")
    raised(people, "C2", rule="T-03", level=Level.RED)
    answer = client(people, "吴涛").get(reverse("watch:cards_export"), {"level": "yellow"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert card.number in lines[1]
    assert ",-5," in lines[1]


def test_an_officer_answers_and_supervision_closes(people: Cast) -> None:
    card = raised(people, "C1")
    mine = client(people, "李军")
    assert [one.card.number for one in mine.get(reverse("desk:cards")).context["rows"]] == [card.number]
    assert client(people, "周洋").get(reverse("desk:card", args=[card.number])).status_code == 404
    empty = mine.post(reverse("desk:card_step", args=[card.number, "answer"]), {"cause": "人手不足。", "measure": ""})
    assert empty.status_code == 422
    assert "人手不足。" in empty.content.decode()  # nothing typed is lost
    said = {"cause": "人手不足。", "measure": "增派一人。", "seen": card.version}
    assert mine.post(reverse("desk:card_step", args=[card.number, "answer"]), said).status_code == 302
    stale = client(people, "吴涛").post(reverse("watch:card_step", args=[card.number, "close"]), {"seen": card.version})
    assert stale.status_code == 409
    card.refresh_from_db()
    client(people, "吴涛").post(reverse("watch:card_step", args=[card.number, "close"]), {"seen": card.version})
    card.refresh_from_db()
    assert card.state == "CLOSED"
    assert mine.get(reverse("desk:cards")).context["rows"] == []


def test_each_side_has_its_own_steps(people: Cast) -> None:
    card = raised(people, "C1")
    assert (
        client(people, "李军")
        .post(reverse("desk:card_step", args=[card.number, "cancel"]), {"reason": "x"})
        .status_code
        == 404
    )
    assert client(people, "吴涛").post(reverse("watch:card_step", args=[card.number, "answer"]), {}).status_code == 404


def test_a_new_version_is_kept_from_the_page(people: Cast) -> None:
    address = reverse("watch:rule", args=["T-02"])
    page = client(people, "吴涛").get(address)
    said = {f"{name}": value for name, value in page.context["form"].initial.items() if value is not None}
    said |= {
        "level_yellow": "1",
        "source": "办公会",
        "effective_from": (timezone.localdate() + timedelta(days=1)).isoformat(),
    }
    assert client(people, "吴涛").post(address, said).status_code == 302
    version = RuleVersion.objects.get(code="T-02", number=2)
    assert (version.levels, version.thresholds) == ({"yellow": 1}, {})
    assert client(people, "孙丽").post(address, said).status_code == 403
    again = client(people, "吴涛").post(address, said)
    assert again.status_code == 422  # that day has its version


def test_a_trial_says_what_a_changed_threshold_would_have_issued(people: Cast) -> None:
    """Three cases of one promise: with a reminder five days before, all are reminded; as it is, those looked at were."""
    for number in range(1, 4):
        accepted(people, number, OIL)
    when = datetime(2026, 10, 12, tzinfo=SHANGHAI)
    while supervise.supervise(at=when):
        pass
    Card.objects.filter(rule_code="T-01").order_by("-id")[:1].get()
    first = Card.objects.filter(rule_code="T-01").order_by("id").first()
    assert Card.objects.filter(rule_code="T-01").count() == 3
    address, supervisor = reverse("watch:rule", args=["T-01"]), client(people, "吴涛")
    form = supervisor.get(address).context["form"].initial
    said = {name: value for name, value in form.items() if value is not None}
    said |= {"level_remind": "-3", "level_warn": "", "since": "2026-10-01", "until": "2026-10-31", "try": "1"}
    opened = supervisor.post(address, said)
    row = Trial.objects.get()
    assert opened.url == reverse("watch:trial", args=[row.pk])
    assert (row.total, row.done, row.changes["levels"]) == (3, False, {"remind": -3})
    while not Trial.objects.get().done:
        supervisor.post(opened.url)
    page = supervisor.get(opened.url)
    # As issued: three reminders. Tried: three reminders and no warning. Nothing differs, and nothing was sent.
    assert page.context["totals"] == {"would": 3, "was": 3, "more": 0, "fewer": 0}
    assert Card.objects.filter(rule_code="T-01").count() == 3
    assert first is not None


def test_a_trial_of_a_later_threshold_shows_the_difference_by_row(people: Cast) -> None:
    for number in range(1, 3):
        accepted(people, number, OIL)
    for day in (12, 13, 16):
        while supervise.supervise(at=datetime(2026, 10, day, tzinfo=SHANGHAI)):
            pass
    supervisor = client(people, "吴涛")
    said = {"level_yellow": "5", "issue": "automatic", "enabled": "on", "message": "x", "message_en": "x"}
    said |= {"effective_from": "2099-01-01", "since": "2026-10-01", "until": "2026-10-31", "try": "1"}
    opened = supervisor.post(reverse("watch:rule", args=["T-02"]), said)
    supervisor.post(opened.url)
    page = supervisor.get(opened.url)
    # The same level of the same cases, only later: on the 22nd instead of the 16th.
    assert page.context["totals"] == {"would": 2, "was": 2, "more": 0, "fewer": 0}
    assert {hit.on for hit, *_ in page.context["hits"]} == {date(2026, 10, 23)}
    said |= {"until": "2026-10-20"}
    opened = supervisor.post(reverse("watch:rule", args=["T-02"]), said)
    # Nobody watches this one: the worker goes on with it.
    assert [trial.advance_open(at=timezone.now()) for _ in range(2)] == [2, 0]
    page = supervisor.get(opened.url)
    assert page.context["totals"] == {"would": 0, "was": 2, "more": 0, "fewer": 2}
    rows = supervisor.get(opened.url, {"only": "fewer"}).context["hits"]
    assert {hit.subject_key for hit, *_ in rows} == set(
        Card.objects.filter(rule_code="T-02").values_list("subject_key", flat=True)
    )


def test_a_rule_history_cannot_tell_has_no_trial(people: Cast) -> None:
    page = client(people, "吴涛").get(reverse("watch:rule", args=["D-01"]))
    assert page.context["tries"] is False
    assert Rule.objects.count() == len(shipped())


@pytest.mark.parametrize(
    ("route", "args", "most"),
    [("watch:cards", (), 13), ("watch:rules", (), 10), ("watch:rule", ("T-01",), 12), ("desk:cards", (), 11)],
)
def test_what_the_pages_ask_the_database(
    people: Cast, route: str, args: tuple, most: int, django_assert_max_num_queries
) -> None:
    for number in range(1, 6):
        raised(people, f"C{number}")
    visitor = client(people, "吴涛" if route.startswith("watch") else "李军")
    visitor.get(reverse(route, args=args))
    with django_assert_max_num_queries(most):
        visitor.get(reverse(route, args=args))
