"""差评: dispatched, verified, mended, explained or set aside, asked again; and every way in which the law says no."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.people import AT, SINCE, Cast, cast, hire
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.files.store import store_own
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.ratings.actions import count_ratings, give, open_node
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.ratings.queries import figures as rating_figures
from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.actions import open_rectification, verify
from zhengtong.domains.rectifications.models import Rectification, Revisit
from zhengtong.domains.registry.models import Organ
from zhengtong.flows import rectification_mended as mended
from zhengtong.flows import rectification_reviewed as reviewed
from zhengtong.flows import rectification_revisited as revisited
from zhengtong.flows.rectification_dispatched import dispatch_rectification
from zhengtong.flows.rectification_opened import opened_by_rater
from zhengtong.flows.rectification_verified import verify_rectification
from zhengtong.rules.clock import end_of
from zhengtong.rules.ratings_figures import Counts
from zhengtong.rules.rectifications import Outcome, RectState, Verdict
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RATED, COLLEAGUE, HEAD, CHIEF = "张敏", "陈静", "孙丽", "赵强"
CENTRE, SUPERVISOR, CALLER = "蒋华", "吴涛", "罗婉秋"


@pytest.fixture
def people() -> Cast:
    return cast()


def bad(people: Cast, *, real_name: bool = True, key: str = "", at=AT) -> Rectification:
    """林小雨 was unhappy with 张敏 at the counter."""
    key = key or uuid4().hex
    node = open_node(
        "ticket", ("ticket", key), organ_id=people.organ.pk, section_id=people.section.pk,
        officer_id=people.officers[RATED].pk, item_name="预付卡备案", account_id=people.citizen.pk,
        opened_at=at, by=SYSTEM, at=at,
    )  # fmt: skip
    rating = give(
        node, level=4, channel="mobile", reasons=["attitude"] if node.platform == "hall" else [], text="等了两个小时",
        real_name=real_name, by=people.applicant, at=at,
    )  # fmt: skip
    return open_rectification(
        rating.number, organ_id=people.organ.pk, section_id=people.section.pk,
        officer_id=people.officers[RATED].pk, real_name=real_name, level=4, text="等了两个小时", reasons=[],
        account_id=people.citizen.pk, item_name="预付卡备案", service="ticket", by=people.applicant, at=at,
    )  # fmt: skip


def dispatched(people: Cast, row: Rectification | None = None, at=AT, **others) -> Rectification:
    row = row or bad(people, at=at, **others)
    return dispatch_rectification(
        row.number, organ_id=people.organ.pk, section_id=people.section.pk, seen=row.version,
        by=people.acting(CENTRE), at=at,
    )  # fmt: skip


def verified(
    people: Cast, verdict: Verdict = Verdict.SIMPLE, who: str = HEAD, row: Rectification | None = None, **others
) -> Rectification:
    row = row or dispatched(people)
    given = {"text": "核实属实，当日窗口少开一个。", "plan": "十月底前增开两个窗口。", "at": AT, **others}
    return verify_rectification(row.number, verdict, seen=row.version, by=people.acting(who), **given)


def fixed(people: Cast, who: str = RATED, at=AT, **others) -> Rectification:
    row = verified(people, **others)
    return mended.fix_rectification(
        row.number, text="已增开窗口并向您道歉。", seen=row.version, by=people.acting(who), at=at
    )


def proof():
    return (store_own(b"%PDF-1.7 camera", "application/pdf", at=AT), "监控截图.pdf")


def told(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def holds(row: Rectification) -> None:
    stored = Rectification.objects.get(pk=row.pk)
    assert check_subject(stored, list(entries_of("rectification", row.number))) == []


# --- the way through ------------------------------------------------------------------------------------------------


def test_from_the_bad_rating_to_a_content_person(people):
    row = bad(people)
    assert (row.state, row.due_on) == ("DISPATCH", AT.date() + 4 * DAY)  # one working day: Friday 25th is a holiday
    row = dispatched(people, row)
    assert row.state == "VERIFY"
    assert told("rectification.received") == told("rectification.dispatched") == 1
    row = verified(people, row=row)
    assert (row.state, row.verifier.name) == ("FIX", HEAD)
    row = mended.fix_rectification(
        row.number, text="已道歉并增开窗口。", files=[proof()], seen=row.version, by=people.acting(RATED), at=AT
    )
    assert (row.state, row.outcome) == ("REVISIT", "JUSTIFIED_FIXED")
    assert told("rectification.mended") == 1
    row = revisited.revisit_rectification(
        row.number, satisfied=True, seen=row.version, by=people.acting(CALLER), at=AT + DAY
    )
    assert (row.state, row.satisfied, row.closed_from) == ("CLOSED", True, "revisited")
    holds(row)
    assert not Deadline.objects.filter(subject_key=row.number, outcome=Deadline.OPEN).exists()


def test_the_same_rating_sets_off_one(people):
    row = bad(people)
    again = open_rectification(
        row.rating_number, organ_id=people.organ.pk, section_id=None, officer_id=None, real_name=False, level=5,
        text="", reasons=[], by=SYSTEM, at=AT,
    )  # fmt: skip
    assert again.pk == row.pk
    assert Rectification.objects.count() == 1


def test_each_limit_is_the_parameters(people):
    row = dispatched(people)
    kinds = {(d.kind, d.amount): d.outcome for d in Deadline.objects.filter(subject_kind="rectification")}
    assert kinds == {("verify", 1): "met", ("verify", 2): "open"}
    row = verified(people, Verdict.COMPLEX, row=row)
    assert Deadline.objects.get(kind="rectify").amount == 15
    assert row.mend_due_on == Deadline.objects.get(kind="rectify").due_on
    late = end_of(row.due_on) + DAY
    row = mended.fix_rectification(row.number, text="迟到的整改", seen=row.version, by=people.acting(HEAD), at=late)
    assert Deadline.objects.get(kind="rectify").outcome == Deadline.MISSED
    assert Deadline.objects.get(kind="revisit").amount == 5


def test_an_anonymous_one_ends_with_the_answer(people):
    row = fixed(people, row=dispatched(people, real_name=False))
    assert (row.state, row.closed_from, row.account_id) == ("CLOSED", "anonymous", None)
    holds(row)


def test_a_plan_is_read_by_everybody_with_its_progress(people):
    row = verified(people, Verdict.COMPLEX)
    row = mended.report_rectification_progress(
        row.number, text="已增开一个窗口。", seen=row.version, by=people.acting(RATED), at=AT
    )
    assert [one.number for one in queries.ledger()] == [row.number]
    assert [note.text for note in queries.ledger_notes([row])[row.pk]] == ["已增开一个窗口。"]
    assert told("rectification.planned") == 1
    row = mended.fix_rectification(row.number, text="全部增开。", seen=row.version, by=people.acting(HEAD), at=AT)
    assert row.outcome == Outcome.JUSTIFIED_PLANNED.value


def test_no_basis_in_law_is_explained(people):
    row = verified(people, Verdict.NO_BASE)
    assert row.state == "EXPLAIN"
    row = mended.explain_rectification(row.number, text="条例规定……", seen=row.version, by=people.acting(HEAD), at=AT)
    assert (row.state, row.outcome) == ("REVISIT", "EXPLAINED")


# --- never in one's own cause ---------------------------------------------------------------------------------------


def test_who_was_rated_does_not_verify(people):
    row = dispatched(people)
    with pytest.raises(Refusal) as no:
        verified(people, who=RATED, row=row)
    assert no.value.code is RefusalCode.NOT_FOUND  # it is not even seen by them yet
    with pytest.raises(Refusal) as no:
        verify(row, Verdict.SIMPLE, text="属实", by=people.acting(RATED), at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_OWN_CAUSE
    assert verified(people, who=COLLEAGUE, row=row).state == "FIX"


def test_nor_does_the_database_let_them(people):
    row = verified(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=row.pk).update(verifier_id=row.officer_id)


def test_another_organ_does_not_verify(people):
    other = Organ.objects.create(code="X", name="别局", short_name="别", region=people.region)
    people.officers["别人"] = hire(other, None, "别人", "bieren", Role.SECTION_HEAD)
    row = dispatched(people)
    with pytest.raises(Refusal) as no:
        verified(people, who="别人", row=row)
    assert no.value.code is RefusalCode.NOT_FOUND


def test_the_centre_dispatches_and_nobody_else(people):
    row = bad(people)
    with pytest.raises(Refusal):
        dispatch_rectification(
            row.number, organ_id=people.organ.pk, section_id=None, seen=None, by=people.acting(HEAD), at=AT
        )


def test_untrue_needs_evidence_and_a_second_person(people):
    row = dispatched(people)
    with pytest.raises(Refusal) as no:
        verified(people, Verdict.UNTRUE, row=row)
    assert no.value.code is RefusalCode.RECTIFICATION_WITHOUT_EVIDENCE
    row = verified(people, Verdict.UNTRUE, row=row, files=[proof()])
    assert row.state == "REVIEW"
    assert Rating.objects.get(number=row.rating_number).excluded_at is None
    with pytest.raises(Refusal):  # the first person
        reviewed.confirm_set_aside(row.number, text="属实", seen=row.version, by=people.acting(HEAD), at=AT)
    row = reviewed.confirm_set_aside(
        row.number, text="监控证明无此事", seen=row.version, by=people.acting(SUPERVISOR), at=AT
    )
    assert (row.state, row.outcome) == ("REVISIT", "UNTRUE")
    rating = Rating.objects.get(number=row.rating_number)
    assert rating.excluded_at is not None
    assert rating.level == 4
    holds(row)


def test_a_reviewer_who_verified_or_was_rated_is_refused(people):
    both = people.officers[SUPERVISOR]
    from zhengtong.domains.registry.models import Post

    Post.objects.create(officer=both, role=Role.SECTION_HEAD.value, organ=people.organ, since=SINCE)
    row = verified(people, Verdict.MISTAKEN, who=SUPERVISOR)
    with pytest.raises(Refusal) as no:
        reviewed.confirm_set_aside(row.number, text="误按", seen=row.version, by=people.acting(SUPERVISOR), at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_SAME_REVIEWER
    assert reviewed.confirm_set_aside(
        row.number, text="误按", seen=row.version, by=people.acting(CENTRE), at=AT
    ).outcome == "MISTAKEN"  # fmt: skip


def test_a_declined_review_is_verified_again(people):
    row = verified(people, Verdict.MISTAKEN)
    row = reviewed.decline_set_aside(row.number, text="不像误按", seen=row.version, by=people.acting(CENTRE), at=AT)
    assert (row.state, row.verdict) == ("VERIFY", "")
    row = verified(people, who=COLLEAGUE, row=row)
    assert row.state == "FIX"
    holds(row)


def test_who_was_rated_may_appeal_within_three_days_once(people):
    row = verified(people)
    with pytest.raises(Refusal) as no:
        reviewed.appeal_rectification(row.number, text="不是我", seen=None, by=people.acting(COLLEAGUE), at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_NOT_CONCERNED
    late = end_of(queries.appeal_until(row)) + timedelta(seconds=1)
    with pytest.raises(Refusal) as no:
        reviewed.appeal_rectification(row.number, text="不是我", seen=None, by=people.acting(RATED), at=late)
    assert no.value.code is RefusalCode.RECTIFICATION_APPEAL_TOO_LATE
    row = reviewed.appeal_rectification(
        row.number, text="当天我休假", files=[proof()], seen=row.version, by=people.acting(RATED), at=AT
    )
    with pytest.raises(Refusal) as no:
        reviewed.appeal_rectification(row.number, text="再诉", seen=row.version, by=people.acting(RATED), at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_APPEALED_ALREADY
    row = reviewed.grant_rectification_appeal(
        row.number, Verdict.UNTRUE, text="排班表证明", seen=row.version, by=people.acting(CENTRE), at=AT
    )
    assert (row.state, row.outcome, row.appeal_state, row.mend_due_on) == ("REVISIT", "UNTRUE", "granted", None)
    assert Rating.objects.get(number=row.rating_number).excluded_reason == "UNTRUE"
    holds(row)


def test_a_declined_appeal_changes_nothing_else(people):
    row = verified(people)
    row = reviewed.appeal_rectification(row.number, text="不服", seen=row.version, by=people.acting(RATED), at=AT)
    row = reviewed.decline_rectification_appeal(
        row.number, text="证据不足", seen=row.version, by=people.acting(SUPERVISOR), at=AT
    )
    assert (row.state, row.appeal_state) == ("FIX", "declined")


# --- set aside, and justified after all -------------------------------------------------------------------------------


def set_aside(people: Cast, **others) -> Rectification:
    """Confirmed by the centre as mistaken; the rating is in no figure."""
    row = verified(people, Verdict.MISTAKEN, row=dispatched(people, **others))
    return reviewed.confirm_set_aside(row.number, text="误按", seen=row.version, by=people.acting(CENTRE), at=AT)


def counts(row: Rectification) -> tuple[int, int]:
    """(bad ratings, set aside) in the figures of the day."""
    while count_ratings(at=AT):
        pass
    found = rating_figures(AT.date(), AT.date())
    total = sum(found.values(), Counts())
    return total.bad.numerator, total.excluded


def rating_sound(row: Rectification) -> list[str]:
    rating = Rating.objects.get(number=row.rating_number)
    entries = list(entries_of("rating", rating.number))
    assert check_subject(rating, entries) == []
    return [entry.kind for entry in entries]


@pytest.mark.parametrize("real_name", [True, False])
def test_a_third_who_finds_it_justified_after_all_lets_the_rating_count_again(people, real_name):
    row = set_aside(people, real_name=real_name)
    assert counts(row) == (0, 1)
    row = reviewed.overturn_set_aside(
        row.number, text="监控显示确有其事", seen=row.version, by=people.acting(SUPERVISOR), at=AT + DAY
    )
    assert (row.state, row.turn, row.verdict, row.outcome, row.closed_at) == ("VERIFY", 2, "", "", None)
    assert counts(row) == (1, 0)
    assert rating_sound(row) == ["rating.given", "rating.excluded", "rating.restored"]
    assert told("rectification.overturned") == (1 if real_name else 0)
    assert told("rectification.returned") == 2  # those of the level above
    with pytest.raises(Refusal) as no:
        verified(people, row=row)  # who was wrong does not verify again
    assert no.value.code is RefusalCode.RECTIFICATION_HIGHER_LEVEL
    assert verified(people, who=CHIEF, row=row).state == "FIX"
    holds(row)


def test_who_took_part_does_not_overturn_and_what_stands_cannot_be(people):
    row = set_aside(people)
    for who, code in (
        (CENTRE, RefusalCode.RECTIFICATION_SAME_REVIEWER),  # confirmed it
        (HEAD, RefusalCode.PERMISSION_MISSING),  # said it was mistaken
        (CALLER, RefusalCode.PERMISSION_MISSING),
    ):
        with pytest.raises(Refusal) as no:
            reviewed.overturn_set_aside(row.number, text="属实", seen=row.version, by=people.acting(who), at=AT)
        assert no.value.code is code
    assert counts(row) == (0, 1)
    stands = fixed(people)
    with pytest.raises(Refusal) as no:
        reviewed.overturn_set_aside(stands.number, text="属实", seen=None, by=people.acting(SUPERVISOR), at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_WRONG_STATE


@pytest.mark.parametrize(
    ("verdict", "expected"), [(Verdict.SIMPLE, (1, 0)), (Verdict.NO_BASE, (1, 0)), (Verdict.MISTAKEN, (0, 1))]
)
def test_opened_again_by_the_person_it_counts_as_the_level_above_finds(people, verdict, expected):
    row = set_aside(people)
    row = revisited.answer_revisit(row.token, satisfied=False, text="不是误按", account_id=people.citizen.pk, at=AT)
    assert counts(row) == (0, 1)  # nobody has found otherwise yet
    row = verified(people, verdict, who=CHIEF, row=row)
    assert counts(row) == expected
    again = "rating.restored" in rating_sound(row)
    assert again is (verdict is not Verdict.MISTAKEN)


def test_set_aside_put_back_and_set_aside_by_an_appeal(people):
    row = set_aside(people)
    row = revisited.answer_revisit(row.token, satisfied=False, text="不是误按", account_id=people.citizen.pk, at=AT)
    row = verified(people, who=CHIEF, row=row)
    assert counts(row) == (1, 0)
    row = reviewed.appeal_rectification(
        row.number, text="监控为证", files=[proof()], seen=row.version, by=people.acting(RATED), at=AT
    )
    row = reviewed.grant_rectification_appeal(
        row.number, Verdict.UNTRUE, text="监控证明无此事", seen=row.version, by=people.acting(SUPERVISOR), at=AT
    )
    assert counts(row) == (0, 1)
    assert rating_sound(row)[1:] == ["rating.excluded", "rating.restored", "rating.excluded"]
    holds(row)


def test_a_wrong_setting_aside_is_put_right_even_after_the_last_question(people):
    """The person was asked in the last round and it ended; then a third finds that the rating had been justified."""
    row = set_aside(people)
    row = revisited.answer_revisit(row.token, satisfied=False, text="不是误按", account_id=people.citizen.pk, at=AT)
    row = verified(people, Verdict.MISTAKEN, who=CHIEF, row=row)
    row = reviewed.confirm_set_aside(row.number, text="误按", seen=row.version, by=people.acting(SUPERVISOR), at=AT)
    row = revisited.answer_revisit(row.token, satisfied=False, text="不认可", account_id=people.citizen.pk, at=AT)
    assert (row.state, row.turn, counts(row)) == ("CLOSED", 2, (0, 1))
    people.officers["督察"] = hire(people.organ, None, "督察", "ducha", Role.SUPERVISOR)
    row = reviewed.overturn_set_aside(row.number, text="监控属实", seen=row.version, by=people.acting("督察"), at=AT)
    assert (row.state, row.turn, counts(row)) == ("VERIFY", 3, (1, 0))
    assert [one.number for one in queries.rectifications(people.acting(CHIEF), mine=True)] == [row.number]
    for who in (COLLEAGUE, HEAD):  # it stays at the highest level
        with pytest.raises(Refusal) as no:
            verified(people, who=who, row=row)
        assert no.value.code is RefusalCode.RECTIFICATION_HIGHER_LEVEL
    row = verified(people, who=CHIEF, row=row)
    row = mended.fix_rectification(row.number, text="已改。", seen=row.version, by=people.acting(CHIEF), at=AT)
    assert row.state == "REVISIT"  # what was done now is asked about as well
    row = revisited.answer_revisit(row.token, satisfied=False, text="还是不行", account_id=people.citizen.pk, at=AT)
    assert (row.state, row.closed_from) == ("CLOSED", "revisited")
    assert rating_sound(row)[1:] == ["rating.excluded", "rating.restored"]
    with pytest.raises(Refusal) as no:  # the house corrected itself: the person has asked once and may not again
        revisited.reopen_rectification(row.token, text="再来", account_id=people.citizen.pk, at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_REOPENED_ALREADY
    holds(row)


# --- the re-visit ---------------------------------------------------------------------------------------------------


def test_a_caller_who_took_part_does_not_call_back(people):
    people.officers["两岗"] = hire(people.organ, people.section, "两岗", "lianggang", Role.WINDOW)
    from zhengtong.domains.registry.models import Post

    Post.objects.create(officer=people.officers["两岗"], role=Role.HALL_CLERK.value, organ=people.organ, since=SINCE)
    row = fixed(people, who="两岗")
    with pytest.raises(Refusal) as no:
        revisited.revisit_rectification(row.number, satisfied=True, seen=row.version, by=people.acting("两岗"), at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_TOOK_PART
    assert revisited.revisit_rectification(
        row.number, satisfied=True, seen=row.version, by=people.acting(CALLER), at=AT
    ).state == "CLOSED"  # fmt: skip


def test_the_organ_does_not_call_back(people):
    row = fixed(people)
    with pytest.raises(Refusal) as no:
        revisited.revisit_rectification(row.number, satisfied=True, seen=row.version, by=people.acting(HEAD), at=AT)
    assert no.value.code is RefusalCode.PERMISSION_MISSING


def test_unhappy_still_one_level_higher_answers_and_then_it_ends(people):
    row = fixed(people, who=HEAD)
    row = revisited.answer_revisit(row.token, satisfied=False, text="窗口还是没人", account_id=people.citizen.pk, at=AT)
    assert (row.state, row.turn, row.verdict) == ("VERIFY", 2, "")
    assert told("rectification.reopened") == 1
    assert told("rectification.reopened_above") == 2
    for who in (COLLEAGUE, HEAD):  # below, and who answered the first time
        with pytest.raises(Refusal) as no:
            verified(people, who=who, row=row)
        assert no.value.code is RefusalCode.RECTIFICATION_HIGHER_LEVEL
    row = verified(people, who=CHIEF, row=row)
    row = mended.fix_rectification(row.number, text="局领导到场", seen=row.version, by=people.acting(CHIEF), at=AT)
    row = revisited.revisit_rectification(
        row.number, satisfied=False, text="还是不满意", seen=row.version, by=people.acting(CALLER), at=AT
    )
    assert (row.state, row.satisfied) == ("CLOSED", False)
    with pytest.raises(Refusal) as no:
        revisited.reopen_rectification(row.token, text="再来", account_id=people.citizen.pk, at=AT)
    assert no.value.code is RefusalCode.RECTIFICATION_REOPENED_ALREADY
    holds(row)


def test_after_the_end_it_may_be_opened_again_within_its_days(people):
    row = fixed(people)
    row = revisited.answer_revisit(row.token, satisfied=True, account_id=people.citizen.pk, at=AT)
    late = end_of(queries.reopen_until(row)) + timedelta(seconds=1)
    with pytest.raises(Refusal) as no:
        revisited.reopen_rectification(row.token, text="又变回去了", account_id=people.citizen.pk, at=late)
    assert no.value.code is RefusalCode.RECTIFICATION_REOPEN_TOO_LATE
    row = revisited.reopen_rectification(row.token, text="又变回去了", account_id=people.citizen.pk, at=AT + DAY)
    assert (row.state, row.turn, row.closed_at) == ("VERIFY", 2, None)
    holds(row)


def test_nobody_answers_the_phone(people):
    row = fixed(people)
    for day in range(2):
        row = revisited.try_to_revisit(row.number, seen=row.version, by=people.acting(CALLER), at=AT + day * DAY)
    with pytest.raises(Refusal) as no:
        revisited.try_to_revisit(row.number, give_up=True, seen=row.version, by=people.acting(CALLER), at=AT + DAY)
    assert no.value.code is RefusalCode.RECTIFICATION_ATTEMPTS_LEFT
    row = revisited.try_to_revisit(
        row.number, give_up=True, seen=row.version, by=people.acting(CALLER), at=AT + 2 * DAY
    )
    assert (row.state, row.closed_from, row.revisited_at) == ("CLOSED", "unreachable", None)
    on = AT.date()
    assert queries.figures(people.acting(SUPERVISOR), on, on + 9 * DAY)[None].revisit_rate == 0  # not called revisited


# --- who rated ------------------------------------------------------------------------------------------------------


def test_only_the_caller_learns_whom_to_call_and_the_journal_says_why(people):
    row = fixed(people)
    for who in (RATED, HEAD, CENTRE, SUPERVISOR):
        with pytest.raises(Refusal):
            revisited.reveal_rater(row.number, purpose="看看是谁", by=people.acting(who), at=AT)
    rater = revisited.reveal_rater(row.number, purpose="电话回访", by=people.acting(CALLER), at=AT)
    assert (rater.name, rater.phone) == ("林小雨", "13800000001")
    last = entries_of("rectification", row.number).last()
    assert (last.kind, facts_of(last)["purpose"]) == ("rectification.revealed", "电话回访")


def test_no_entry_and_no_message_to_officers_names_the_rater(people):
    row = fixed(people)
    row = revisited.answer_revisit(
        row.token, satisfied=False, text="林小雨还是不满意", account_id=people.citizen.pk, at=AT
    )
    acts = list(entries_of("rectification", row.number))
    assert {a.actor_name for a in acts if a.actor_kind == "applicant"} == {"评价人"}
    assert not any(people.citizen.name in a.facts or str(row.token) in a.facts for a in acts)
    assert {a.actor_id for a in acts if a.actor_kind == "applicant"} == {None}
    officers = {o.account_id for o in people.officers.values()}
    for message in Message.objects.filter(account_id__in=officers):
        assert people.citizen.name not in str(message.payload)
        assert str(row.token) not in str(message.payload)


def test_what_the_rater_wrote_lies_encrypted(people):
    row = bad(people)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT text, phone FROM rectifications_rectification WHERE id = %s", [row.pk])
        assert "两个小时" not in cursor.fetchone()[0]


def test_another_account_does_not_open_the_page(people):
    row = fixed(people)
    with pytest.raises(Refusal):
        opened_by_rater(row.token, people.stranger.pk)
    with pytest.raises(Refusal):
        opened_by_rater(row.token, None)
    assert opened_by_rater(row.token, people.citizen.pk).pk == row.pk


def test_an_officer_of_the_organ_sees_it_from_the_dispatch_on(people):
    row = bad(people)
    with pytest.raises(Refusal):
        queries.rectification_for(people.acting(COLLEAGUE), row.number)
    row = dispatched(people, row)
    assert queries.rectification_for(people.acting(COLLEAGUE), row.number).pk == row.pk


# --- figures --------------------------------------------------------------------------------------------------------


def test_every_rate_with_its_base_and_rows(people):
    first = fixed(people)
    revisited.revisit_rectification(first.number, satisfied=True, seen=first.version, by=people.acting(CALLER), at=AT)
    late = verified(people)
    mended.fix_rectification(
        late.number, text="晚了", seen=late.version, by=people.acting(HEAD), at=end_of(late.due_on) + DAY
    )
    verified(people)  # not mended yet
    since, until = AT.date(), AT.date() + 60 * DAY
    by = people.acting(SUPERVISOR)
    figure = queries.figures(by, since, until)[None]
    assert (figure.due, figure.mended, figure.in_time) == (3, 2, 1)
    assert (figure.named, figure.revisited, figure.revisit_rate) == (1, 1, 1.0)
    assert queries.figures(by, since, until, group="section") == {people.section.pk: figure}
    months = queries.figures(by, since, until, group="month")
    assert sum(one.due for one in months.values()) == 3
    assert {row.number for row in queries.figure_rows(by, "in_time", since, until)} == {first.number}
    assert len(queries.figure_rows(by, "due", since, until)) == 3


def test_a_revisit_stands_once_in_each_turn(people):
    row = fixed(people)
    Revisit.objects.create(rectification=row, turn=1, at=AT, channel="portal", reached=True, satisfied=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revisit.objects.create(rectification=row, turn=1, at=AT, channel="phone", reached=True, satisfied=True)


def test_states_are_all_reached_by_the_table():
    from zhengtong.rules.rectifications import AFTER, MOVES

    reached = {move.to for move in MOVES.values() if move.to} | set(AFTER.values())
    assert reached | {RectState.DISPATCH, RectState.REVISIT, RectState.CLOSED} == set(RectState)
