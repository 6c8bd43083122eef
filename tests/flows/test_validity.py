"""有效期: what is granted until a day says so on its paper, and its holder hears of it before art. 50's thirty days begin."""

import json
from datetime import date, datetime, timedelta

import pytest

from tests.flows.acts import (
    AGREED,
    AT,
    NOT_CONFORM,
    OIL,
    UPWARD,
    at,
    bring,
    holder,
    last,
    refused,
    row_of,
    sound,
    upward,
)
from tests.people import Cast, cast
from zhengtong.base.outbox.models import Message
from zhengtong.domains.cases.models import Case, Paper
from zhengtong.flows import decide, send_up
from zhengtong.flows.message_reminders import remind_of_expiry
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import RefusalCode

pytestmark = pytest.mark.django_db

UNTIL = date(2027, 9, 30)


@pytest.fixture
def people() -> Cast:
    return cast(OIL, UPWARD)


def granted(people: Cast, until: date | None) -> Case:
    case = bring(people, State.APPROVING)
    decide.decide(
        case.number, grants=True, opinion=AGREED, valid_until=until, seen=None, by=holder(people, case), at=AT
    )
    return case


def morning(day: date) -> datetime:
    return datetime.combine(day, AT.time(), tzinfo=AT.tzinfo)


def test_the_last_day_stands_in_row_journal_and_paper(people: Cast) -> None:
    case = granted(people, UNTIL)
    assert row_of(case).valid_until == UNTIL
    assert last(case)[1]["valid_until"] == UNTIL.isoformat()
    paper = json.loads(Paper.objects.get(case=case, form="F-05").content)
    assert paper["granted"]["valid_until"] == UNTIL.isoformat()
    sound(case)


def test_without_a_day_it_is_open_ended(people: Cast) -> None:
    case = granted(people, None)
    assert row_of(case).valid_until is None
    assert "valid_until" not in last(case)[1]
    assert remind_of_expiry(at=AT) == 0


def test_it_ends_after_the_day_of_the_decision_and_a_refusal_has_none(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    by = holder(people, case)
    with refused(RefusalCode.VALIDITY_PAST, case):
        decide.decide(case.number, grants=True, opinion=AGREED, valid_until=AT.date(), seen=None, by=by, at=AT)
    decide.decide(case.number, grants=False, opinion=NOT_CONFORM, valid_until=UNTIL, seen=None, by=by, at=AT)
    assert row_of(case).valid_until is None


def test_the_result_of_a_higher_organ_may_end_too(people: Cast) -> None:
    case = upward(people)
    by = holder(people, case)
    send_up.send_up(case.number, upper_organ="省商务厅", opinion="初审合格。", seen=None, by=by, at=AT)
    with refused(RefusalCode.VALIDITY_PAST, case):
        send_up.result_back(
            case.number, grants=True, opinion="准予。", valid_until=AT.date(), seen=None, by=by, at=at(1)
        )
    send_up.result_back(case.number, grants=True, opinion="准予。", valid_until=UNTIL, seen=None, by=by, at=at(1))
    assert row_of(case).valid_until == UNTIL
    sound(case)


def test_its_holder_hears_of_it_once_sixty_days_before(people: Cast) -> None:
    case = granted(people, UNTIL)
    assert remind_of_expiry(at=morning(UNTIL - timedelta(days=61))) == 0
    assert remind_of_expiry(at=morning(UNTIL - timedelta(days=60))) == 1
    assert remind_of_expiry(at=morning(UNTIL - timedelta(days=57))) == 1  # the key is known: nobody hears it again
    assert remind_of_expiry(at=morning(UNTIL - timedelta(days=30))) == 0
    row = Message.objects.get(kind="certificate.expiring")
    assert (row.account_id, row.payload["certificate_no"], row.payload["apply_by"]) == (
        case.account_id, case.number, "2027-08-31",
    )  # fmt: skip
