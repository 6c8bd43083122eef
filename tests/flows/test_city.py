"""A small demo city, begun, interrupted and finished: what it shows, and that its evidence holds."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from tests.people import AT
from zhengtong.base import calendar, evidence
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import due_of, explained
from zhengtong.base.journal.models import Entry
from zhengtong.base.outbox.models import Message
from zhengtong.city import accounts, catalogue, founding, history
from zhengtong.city.history import Played
from zhengtong.city.hours import DAY, Hours
from zhengtong.city.town import Town
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as items
from zhengtong.domains.catalogue.models import Item, ItemVersion
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Account, Officer
from zhengtong.rules.procedure import State

pytestmark = pytest.mark.django_db
LIVES = 25


@dataclass
class Built:
    first: Played
    second: Played
    steps: int
    cut: int


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Built]:
    """Founded once for all tests of this file; the first run is cut off in the middle, the second finishes it."""
    items.forget_editions()
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            founding.found(AT, lambda _: None)
            catalogue.publish_items(AT, lambda _: None)
            catalogue.set_dispatch_rules(AT)
            town = Town(AT)
            planned = history.plan(town, AT, LIVES)
            # A night in which nothing fell due leaves no trace to go on after: it is cut after an application.
            cut = next(n for n in range(len(planned) // 2, 0, -1) if planned[n - 1].verb == "submit")
            first = history.play(town, planned[:cut], lambda _: None)
            again = Town(AT)  # another process: it remembers nothing
            second = history.play(again, history.plan(again, AT, LIVES), lambda _: None)
            catalogue.leave_drafts(AT)
            history.read_messages(AT)
            yield Built(first, second, len(planned), cut)
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            items.forget_editions()


def test_the_law_refuses_no_step_of_the_story(city: Built) -> None:
    assert city.first.refused + city.second.refused == []


def test_an_interrupted_run_is_finished_and_nothing_is_done_twice(city: Built) -> None:
    assert city.second.skipped == city.cut
    applied = Case.objects.values_list("application_id", flat=True)
    assert len(applied) == len(set(applied)) > LIVES
    before = Entry.objects.count()
    town = Town(AT)
    third = history.play(town, history.plan(town, AT, LIVES), lambda _: None)
    assert (third.steps, third.skipped, Entry.objects.count()) == (0, city.steps, before)


def test_the_same_moment_tells_the_same_city(city: Built) -> None:
    def told() -> list[tuple[object, ...]]:
        return [(e.at, e.verb, e.life.uid if e.life else None, e.facts) for e in history.plan(Town(AT), AT, LIVES)]

    assert told() == told()


def test_a_city_knows_the_moment_it_is_told_from(city: Built) -> None:
    assert founding.begun_at() == AT


def test_replaying_every_subject_finds_no_fault(city: Built) -> None:
    faults = []
    for kind in evidence.kinds():
        after: int | None = 0
        while after is not None:
            part = evidence.check_slice(kind, calendar.current(), after=after)
            after = part.after
            faults += part.faults
        assert evidence.rowless(kind) == 0
    assert faults == []


def test_a_row_changed_behind_the_journal_is_found(city: Built, capsys: pytest.CaptureFixture[str]) -> None:
    case = Case.objects.filter(state=State.PROCESSING.value)[0]
    Case.objects.filter(pk=case.pk).update(state=State.REVIEWING.value)
    with pytest.raises(SystemExit) as ended:
        call_command("check_journal", kind=["case"])
    assert ended.value.code == 1
    assert case.number in capsys.readouterr().out


def test_each_limit_is_explained_to_its_stored_day(city: Built) -> None:
    in_force = calendar.current()
    wrong = [d for d in Deadline.objects.all() if explained(d, in_force).due != due_of(d)]
    assert Deadline.objects.count() > 200
    assert wrong == []


def test_every_state_can_be_seen(city: Built) -> None:
    assert set(Case.objects.values_list("state", flat=True)) == {state.value for state in State}


def test_limits_were_met_missed_and_dropped(city: Built) -> None:
    ends = set(Deadline.objects.filter(kind="promise").values_list("outcome", flat=True))
    assert ends >= {Deadline.OPEN, Deadline.MET, Deadline.MISSED}
    assert Case.objects.filter(deemed=True).exists()
    assert Case.objects.filter(is_special=True).exists()
    assert Case.objects.filter(is_agent=True).exists()


def test_the_handlers_desk_shows_every_lamp(city: Built) -> None:
    on = timezone.localdate(AT)
    account = Account.objects.get(login=accounts.HANDLER)
    by = registry.officer_acting(account.pk, on)
    assert by is not None
    lamps = cases.inbox_counts(by, at=AT, soon_on=calendar.current().nth_working_day(on, 3))
    assert all(lamps[lamp] for lamp in ("late", "soon", "ok", "wait")), lamps


def test_the_citizen_has_cases_in_several_states_and_a_draft(city: Built) -> None:
    account = registry.account_by_phone(accounts.CITIZEN)
    assert account is not None
    own = cases.cases_of_applicant(registry.applicant_acting(account))
    assert len({case.state for case in own}) >= 5
    assert account.applications.filter(state="draft").count() == 1
    assert Message.objects.filter(account_id=account.pk, read_at__isnull=True).exists()


def test_the_pictured_filing_lies_with_the_reviewer(city: Built) -> None:
    account = registry.account_by_phone(accounts.LEGAL_REPRESENTATIVE)
    assert account is not None
    enterprises = registry.enterprises_of(account.pk, timezone.localdate(AT))
    own = [case for e in enterprises for case in cases.cases_of_applicant(registry.applicant_acting(account, e))]
    pictured = [c for c in own if c.item_name.startswith("单用途商业预付卡") and c.state == State.REVIEWING.value]
    assert len(pictured) == 1
    assert calendar.current().working_days(timezone.localdate(AT), pictured[0].due_on) == 2


def test_items_in_force_were_checked_by_another_and_old_ones_name_their_successor(city: Built) -> None:
    standing = ItemVersion.objects.filter(status="published")
    assert standing.count() == 29
    assert not standing.filter(checked_by=None).exists()
    assert Item.objects.filter(status="retired").count() == 6
    assert Item.objects.filter(status="retired", successor__isnull=False).count() == 4
    assert set(ItemVersion.objects.filter(number=2).values_list("status", flat=True)) == {"draft", "checking"}


def test_everybody_on_the_list_can_sign_in(city: Built) -> None:
    for login, password, _, role in accounts.DEMO_ACCOUNTS:
        account = Account.objects.get(login=login)
        assert authenticate(username=login, password=password) == account, role
        if account.kind == Account.OFFICER:
            assert Officer.objects.get(account=account).posts.exists()


def test_office_hours_skip_lunch_nights_and_holidays() -> None:
    hours = Hours(calendar.shipped_calendar())
    after = hours.after(AT, 2 * 60)  # Thursday 10:00: two hours until lunch
    assert timezone.localtime(after).strftime("%m-%d %H:%M") == "09-24 13:30"
    assert timezone.localtime(hours.after(AT, DAY)).strftime("%m-%d %H:%M") == "09-28 10:00"  # Mid-Autumn between
    assert hours.before(hours.after(AT, 7 * DAY), 7 * DAY) == AT
