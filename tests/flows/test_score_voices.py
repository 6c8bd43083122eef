"""What people said counts in the scores: ratings, complaints found true, bad ratings mended late; each as plainly counted."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from tests.flows.scores import LOCKED, PUBLISHED, SEPTEMBER, counted, month_of_three, rated
from tests.flows.test_letters import answering
from tests.people import AT, Cast, cast
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.letters.models import Letter, Reply
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.models import Score
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.domains.rectifications.actions import open_rectification
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows import letter_replied
from zhengtong.flows import rectification_mended as mended
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.rating_excluded import exclude_rating, restore_rating
from zhengtong.flows.rectification_dispatched import dispatch_rectification
from zhengtong.flows.rectification_verified import verify_rectification
from zhengtong.flows.score_locked import score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.clock import end_of, local_date
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.rectifications import Verdict
from zhengtong.rules.scoring_quantities import DEFINITIONS, Awaited, Subject

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EARLY = AT - 20 * DAY  # 4 September: what is owed since then falls due in the month


@pytest.fixture
def people() -> Cast:
    return cast()


def quantities(people: Cast, subject: Subject = Subject.ORGAN) -> dict:
    score_locked(subject, SEPTEMBER, by=people.acting("吴涛"), at=LOCKED)
    return now(subject)


def now(subject: Subject = Subject.ORGAN) -> dict:
    """Organ or officer → the quantities its score stands on."""
    scores = Score.objects.filter(month__subject=subject.value)
    return {
        score.officer_id or score.organ_id: queries.edition(score).content["quantities"] for score in scores
    }  # fmt: skip


def line(organ, code: str) -> dict:
    result = queries.edition(Score.objects.get(organ=organ, officer=None)).content["result"]
    return next(one for part in result["parts"] for one in part["lines"] if one["code"] == code)


def complained(people: Cast, finding: str, *, at: datetime = AT) -> Letter:
    letter = answering(people, LetterKind.COMPLAINT)
    letter_replied.draft_reply(
        letter.number,
        text="经核查，情况如下。",
        mode="written",
        finding=finding,
        seen=None,
        by=people.acting("李军"),
        at=at,
    )
    return letter_replied.approve_reply(letter.number, seen=None, by=people.acting("赵强"), at=at)


def bad(people: Cast, key: str, *, mended_at: datetime | None, verdict: Verdict = Verdict.SIMPLE) -> Rectification:
    """Rated on 4 September and verified the same day; to be mended within five working days."""
    row = open_rectification(
        f"R{key}", organ_id=people.organ.pk, section_id=people.section.pk, officer_id=people.officers["张敏"].pk,
        real_name=False, level=5, text="", reasons=[], by=SYSTEM, at=EARLY,
    )  # fmt: skip
    dispatch_rectification(
        row.number,
        organ_id=people.organ.pk,
        section_id=people.section.pk,
        seen=None,
        by=people.acting("蒋华"),
        at=EARLY,
    )
    row = verify_rectification(
        row.number, verdict, text="属实", seen=None, by=people.acting("孙丽"), at=EARLY
    )  # fmt: skip
    if mended_at is not None:
        act = mended.explain_rectification if verdict is Verdict.NO_BASE else mended.fix_rectification
        act(row.number, text="已整改", seen=None, by=people.acting("孙丽"), at=mended_at)
    return row


def test_nothing_waits_for_what_exists():
    waiting = {name: one.awaits for name, one in DEFINITIONS.items() if one.awaits}
    assert waiting == {
        "fee_violations": Awaited.FEES, "late_disclosures": Awaited.DISCLOSURE,
        "confirmed_breaches": Awaited.INTEGRITY, "attendance_faults": Awaited.OFFICE,
    }  # fmt: skip


def test_a_month_with_ratings_of_its_own_and_two_without(people: Cast) -> None:
    first, second, third = month_of_three(people)
    rated(first.pk, [1] * 20 + [3] * 10 + [4, 5])
    rated(second.pk, [1] * 29)  # too few; the month before had none
    rated(third.pk, [1] * 18 + [5] * 12)
    found = quantities(people)
    assert found[first.pk]["satisfaction_rate"] == {"numerator": "30", "base": 32}
    assert found[third.pk]["satisfaction_rate"] == {"numerator": "18", "base": 30}
    # the median of 30/32 and 18/30, over the 62 ratings it was taken from
    median = (Fraction(30, 32) + Fraction(18, 30)) / 2
    assert found[second.pk]["satisfaction_rate"] == {"numerator": str(median * 62), "base": 62, "basis": "peers"}
    assert line(first, "satisfied")["filled"] == "12 × (30 ÷ 32)"
    assert line(first, "satisfied")["points"] == "11.25"


def test_too_few_ratings_rest_on_the_month_before(people: Cast) -> None:
    first, *_ = month_of_three(people)
    rated(first.pk, [1] * 27 + [5] * 3, at=AT - 30 * DAY)
    rated(first.pk, [5] * 29)
    assert quantities(people)[first.pk]["satisfaction_rate"] == {"numerator": "27", "base": 30, "basis": "before"}


def test_staff_are_rated_by_their_own_services(people: Cast) -> None:
    first, *_ = month_of_three(people)
    own = people.officers["李军"].pk
    rated(first.pk, [1] * 28 + [4] * 2, officer=own)
    rated(first.pk, [5] * 40)  # a colleague's
    found = quantities(people, Subject.OFFICER)[own]
    assert found["satisfaction_rate"] == {"numerator": "28", "base": 30}
    assert not {"confirmed_complaints", "late_rectifications"} & found.keys()  # an organ answers for these


def test_a_complaint_counts_when_it_is_found_true_whenever_it_came_in(people: Cast) -> None:
    first, *_ = month_of_three(people)
    complained(people, "confirmed")
    complained(people, "partly", at=AT + 5 * DAY)
    complained(people, "unfounded")
    october = complained(people, "confirmed", at=AT + 7 * DAY)  # 1 October
    assert letters.confirmed_complaints(SEPTEMBER.since, SEPTEMBER.until) == {first.pk: 2}
    later = SEPTEMBER.moved(1)
    assert letters.confirmed_complaints(later.since, later.until) == {first.pk: 1}
    by = people.acting("吴涛")
    assert [one.number for one in letters.confirmed_rows(by, later.since, later.until)] == [october.number]
    found = quantities(people)[first.pk]
    assert found["confirmed_complaints"] == {"numerator": "2", "base": None}
    assert line(first, "complaints_few")["filled"] == "8 − 2 × 2 − 2 × 0"


def test_only_justified_ones_mended_late_or_not_at_all_are_late(people: Cast) -> None:
    first, *_ = month_of_three(people)
    due = bad(people, "1", mended_at=None).mend_due_on
    assert SEPTEMBER.since <= due <= SEPTEMBER.until
    bad(people, "2", mended_at=end_of(due))  # in the last instant
    bad(people, "3", mended_at=end_of(due) + timedelta(seconds=1))
    bad(people, "4", mended_at=end_of(due) + DAY, verdict=Verdict.NO_BASE)  # explained late, nothing to mend
    found = quantities(people)[first.pk]
    assert found["late_rectifications"] == {"numerator": "2", "base": None}
    assert line(first, "complaints_few")["points"] == "4.00"
    assert len(rectifications.figure_rows(people.acting("吴涛"), "late", SEPTEMBER.since, SEPTEMBER.until)) == 2


def test_each_quantity_equals_plain_counting(people: Cast) -> None:
    """Over every row there is, in Python, with nothing of the code that counts."""
    first, second, third = month_of_three(people)
    rated(first.pk, [1, 2, 3, 4, 5] * 7)
    rated(second.pk, [1] * 33)
    for one in rated(third.pk, [1] * 31 + [5] * 9)[-4:]:
        exclude_rating(one.number, reason="MISTAKEN", by=SYSTEM, at=AT)
    rated(third.pk, [5] * 8, at=AT - 40 * DAY)  # another month
    counted()
    for finding in ("confirmed", "unfounded", "partly"):
        complained(people, finding)
    for key, at in (("1", None), ("2", EARLY + DAY), ("3", EARLY + 15 * DAY)):
        bad(people, key, mended_at=at)
    good, all_ = Counter(), Counter()
    for rating in Rating.objects.select_related("node"):
        node = rating.node
        if SEPTEMBER.since <= node.opened_on <= SEPTEMBER.until and rating.excluded_at is None:
            all_[node.organ_id] += 1
            good[node.organ_id] += rating.level <= 3
    true, late = Counter(), Counter()
    sent = defaultdict(list)
    for reply in Reply.objects.filter(state="sent", finding__in=("confirmed", "partly")):
        sent[reply.letter_id].append(local_date(reply.sent_at))
    for letter in Letter.objects.filter(kind="complaint", finding__in=("confirmed", "partly")):
        true[letter.organ_id] += SEPTEMBER.since <= min(sent[letter.pk]) <= SEPTEMBER.until
    for row in Rectification.objects.filter(verdict__in=("SIMPLE", "COMPLEX")):
        if SEPTEMBER.since <= row.mend_due_on <= SEPTEMBER.until:
            late[row.organ_id] += row.mended_at is None or row.mended_at > row.mend_due_at
    assert Node.objects.filter(excluded=True).count() == 4
    for organ_id, found in quantities(people).items():
        assert found["satisfaction_rate"] == {"numerator": str(good[organ_id]), "base": all_[organ_id]}
        assert found["confirmed_complaints"]["numerator"] == str(true[organ_id])
        assert found["late_rectifications"]["numerator"] == str(late[organ_id])
    assert (true[first.pk], late[first.pk]) == (2, 2)


def test_what_is_set_aside_or_put_back_after_the_lock_counts_before_publication(people: Cast) -> None:
    first, second, _ = month_of_three(people)
    marked = rated(first.pk, [1] * 36 + [5] * 4)
    aside = rated(second.pk, [1] * 30 + [5] * 3)[-1]
    exclude_rating(aside.number, reason="UNTRUE", by=SYSTEM, at=AT)
    counted()
    before = quantities(people)
    assert before[first.pk]["satisfaction_rate"] == {"numerator": "36", "base": 40}
    assert before[second.pk]["satisfaction_rate"] == {"numerator": "30", "base": 32}
    exclude_rating(marked[-1].number, reason="UNTRUE", by=SYSTEM, at=LOCKED)
    restore_rating(aside.number, by=SYSTEM, at=LOCKED)
    counted()
    assert now() == before  # locked is locked, until it is counted once more
    score_published(Subject.ORGAN, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)
    after = now()
    assert after[first.pk]["satisfaction_rate"] == {"numerator": "36", "base": 39}
    assert after[second.pk]["satisfaction_rate"] == {"numerator": "30", "base": 33}
    score = Score.objects.get(organ=first, officer=None)
    assert [one.reason_code for one in queries.editions(score)] == ["voices", "locked"]
    restore_rating(marked[-1].number, by=SYSTEM, at=PUBLISHED)
    counted()
    assert now() == after  # published: from now on only a correction that says why


def test_a_month_locked_before_a_quantity_existed_is_published_without_it(people: Cast) -> None:
    first, *_ = month_of_three(people)
    quantities(people)
    score = Score.objects.get(organ=first, officer=None)
    kept = queries.edition(score)
    kept.content["quantities"].pop("satisfaction_rate")
    kept.save()
    rated(first.pk, [5] * 40)
    score_published(Subject.ORGAN, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)
    assert "satisfaction_rate" not in now()[first.pk]


def test_the_circular_says_what_people_said(people: Cast) -> None:
    first, second, _ = month_of_three(people)
    rated(first.pk, [1] * 8 + [4, 5])
    rated(second.pk, [5])  # one rating would be recognised
    complained(people, "confirmed")
    bad(people, "1", mended_at=None)
    bulletin = bulletin_drafted(SEPTEMBER, by=people.acting("吴涛"), at=LOCKED)
    voice = next(one for one in bulletin.contents["sections"] if one["code"] == "voice")
    assert voice["facts"] == {"satisfied": {"n": 8, "of": 11}, "bad": 3, "late_mended": 1, "complaints": 1}
    rows = {row[0]["zh"]: row[1:] for row in voice["tables"][0]["rows"]}
    assert rows == {first.name: [{"n": 8, "of": 10}, 2, 1, 1], second.name: [None, 1, 0, 0]}
    assert "群众评价满意率72.7%（8/11）" in bulletin.texts["voice"]
