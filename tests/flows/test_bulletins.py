"""督查通报: its figures are those of the rooms they come from; one drafts, another approves; then it is closed."""

from datetime import timedelta

import pytest

from tests.flows.scores import LOCKED, PUBLISHED, SEPTEMBER, card, month_of_three
from tests.people import AT, Cast, cast
from zhengtong.base import journal
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.bulletins import actions, papers, queries
from zhengtong.domains.bulletins.contents import SECTIONS
from zhengtong.domains.bulletins.models import Bulletin, BulletinCopy
from zhengtong.domains.registry.models import Post
from zhengtong.domains.statistics import queries as statistics
from zhengtong.domains.supervision import queries as supervision
from zhengtong.flows.bulletin_approved import bulletin_approved
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.bulletin_published import bulletin_published
from zhengtong.flows.score_locked import score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.clock import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role
from zhengtong.rules.scoring_quantities import Subject

pytestmark = pytest.mark.django_db
KEY = "2026-09-1"


@pytest.fixture
def people() -> Cast:
    return cast()


def drafted(people: Cast) -> Bulletin:
    return bulletin_drafted(SEPTEMBER, by=people.acting("吴涛"), at=PUBLISHED)


def published(people: Cast) -> Bulletin:
    drafted(people)
    bulletin_approved(KEY, by=people.acting("蒋华"), at=PUBLISHED)
    return bulletin_published(KEY, by=people.acting("蒋华"), at=PUBLISHED)


def refused(code: RefusalCode, act, *args, **kwargs) -> None:
    before = list(Bulletin.objects.values_list("state", "digest", "version"))
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert caught.value.code is code
    assert list(Bulletin.objects.values_list("state", "digest", "version")) == before


def section(bulletin: Bulletin, code: str) -> dict:
    return next(one for one in bulletin.contents["sections"] if one["code"] == code)


def table(bulletin: Bulletin, code: str, name: str) -> list[dict]:
    found = next(one for one in section(bulletin, code)["tables"] if one["code"] == name)
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def test_its_figures_equal_those_of_statistics_and_cards(people: Cast) -> None:
    first, *_ = month_of_three(people)
    card(first.pk, "C1")
    card(first.pk, "C2", rule="T-03", level=Level.RED)
    bulletin = drafted(people)
    figures = {one.keys["organ_id"]: one for one in statistics.figures(SEPTEMBER.since, SEPTEMBER.until)}
    total = statistics.total(SEPTEMBER.since, SEPTEMBER.until)
    facts = section(bulletin, "scope")["facts"]
    assert (facts["received"], facts["finished"], facts["organs"]) == (total.received, total.finished, 3)
    rows = {row["organ"]["zh"]: row for row in table(bulletin, "timeliness", "rates")}
    assert len(rows) == 3
    own, one = rows[first.name], figures[first.pk]
    assert (own["in_time"]["n"], own["in_time"]["of"]) == one.rate("in_time") == (36, 40)
    assert (own["early"]["n"], own["early"]["of"]) == one.rate("early")
    cards = supervision.cards_by_organ(SEPTEMBER.since, SEPTEMBER.until)
    told = section(bulletin, "cards")["facts"]
    for level in ("yellow", "red"):
        assert told[level] == sum(n for (_, _, found), n in cards.items() if found == level) == 1
    assert "收件150件" in bulletin.texts["scope"]
    assert "按期办结率77.3%（116/150）" in bulletin.texts["timeliness"]


def test_it_has_every_section_and_says_what_it_waits_for(people: Cast) -> None:
    month_of_three(people)
    bulletin = drafted(people)
    assert tuple(one["code"] for one in bulletin.contents["sections"]) == SECTIONS
    assert section(bulletin, "attendance")["waits"] == ["office"]
    assert section(bulletin, "ranking") == {"code": "ranking", "waits": ["scores"]}  # not before they are published


def test_published_scores_enter_with_rank_and_change(people: Cast) -> None:
    month_of_three(people)
    bulletin = drafted(people)
    score_locked(Subject.ORGAN, SEPTEMBER, by=people.acting("吴涛"), at=LOCKED)
    score_published(Subject.ORGAN, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)
    actions.edit(bulletin, "problems", "请各部门认真整改。", by=people.acting("吴涛"), at=PUBLISHED)
    actions.refresh(bulletin, by=people.acting("吴涛"), at=PUBLISHED)
    rows = table(bulletin, "ranking", "ranking")
    assert [(row["rank"], row["of"]) for row in rows] == [(1, 3), (2, 3), (3, 3)]
    assert rows[0]["change"] is None  # no month before
    assert bulletin.texts["problems"] == "请各部门认真整改。"  # what a person wrote stays


def test_who_drafts_does_not_approve(people: Cast) -> None:
    month_of_three(people)
    manager = people.officers["蒋华"]
    Post.objects.create(officer=manager, role=Role.SUPERVISOR.value, organ=people.organ, since=AT.date())
    refused(RefusalCode.PERMISSION_MISSING, bulletin_drafted, SEPTEMBER, by=people.acting("孙丽"), at=PUBLISHED)
    bulletin = drafted(people)
    refused(RefusalCode.PERMISSION_MISSING, bulletin_approved, KEY, by=people.acting("吴涛"), at=PUBLISHED)
    actions.edit(bulletin, "scope", "另有说明。", by=people.acting("蒋华"), at=PUBLISHED)
    refused(RefusalCode.BULLETIN_OWN_DRAFT, bulletin_approved, KEY, by=people.acting("蒋华"), at=PUBLISHED)


def test_it_is_published_with_number_and_copies_and_then_closed(people: Cast) -> None:
    month_of_three(people)
    refused(RefusalCode.NOT_FOUND, bulletin_published, KEY, by=people.acting("蒋华"), at=PUBLISHED)
    drafted(people)
    refused(RefusalCode.BULLETIN_WRONG_STATE, bulletin_published, KEY, by=people.acting("蒋华"), at=PUBLISHED)
    bulletin_approved(KEY, by=people.acting("蒋华"), at=PUBLISHED)
    bulletin = bulletin_published(KEY, by=people.acting("蒋华"), at=PUBLISHED)
    assert bulletin.number == "云商督通〔2026〕1号"
    assert [copy.organ for copy in BulletinCopy.objects.filter(bulletin=bulletin)] == [people.organ]
    by = people.acting("吴涛")
    refused(RefusalCode.BULLETIN_WRONG_STATE, actions.edit, bulletin, "scope", "改一改", by=by, at=PUBLISHED)
    refused(RefusalCode.BULLETIN_WRONG_STATE, actions.refresh, bulletin, by=by, at=PUBLISHED)
    refused(RefusalCode.BULLETIN_EXISTS, bulletin_drafted, SEPTEMBER, by=by, at=PUBLISHED)
    row = Bulletin.objects.get()
    assert journal.check_subject(row, list(entries_of("bulletin", KEY))) == []
    assert [entry.kind for entry in entries_of("bulletin", KEY)] == [
        "bulletin.drafted", "bulletin.approved", "bulletin.published",
    ]  # fmt: skip
    assert actions.digest(row.contents, row.texts) == row.digest


def test_a_correction_is_an_issue_of_its_own_with_its_reason(people: Cast) -> None:
    month_of_three(people)
    first = published(people)
    second = bulletin_drafted(
        SEPTEMBER, reason="第三局数据重复计算", by=people.acting("吴涛"), at=PUBLISHED + timedelta(days=1)
    )
    assert (second.journal_key, second.correction_reason) == ("2026-09-2", "第三局数据重复计算")
    for act in (bulletin_approved, bulletin_published):
        second = act("2026-09-2", by=people.acting("蒋华"), at=PUBLISHED + timedelta(days=1))
    assert second.number == "云商督通〔2026〕2号"
    assert Bulletin.objects.get(pk=first.pk).digest == first.digest


def test_sent_back_loses_its_approval(people: Cast) -> None:
    month_of_three(people)
    drafted(people)
    bulletin = bulletin_approved(KEY, by=people.acting("蒋华"), at=PUBLISHED)
    actions.send_back(bulletin, reason="第三节措辞请改", by=people.acting("蒋华"), at=PUBLISHED)
    assert (bulletin.state, bulletin.approved_by_id) == ("draft", None)


def test_a_month_that_runs_has_no_circular(people: Cast) -> None:
    refused(RefusalCode.SCORE_LOCK_TOO_EARLY, bulletin_drafted, SEPTEMBER, by=people.acting("吴涛"), at=AT)


def test_drafts_are_for_those_who_make_them(people: Cast) -> None:
    month_of_three(people)
    drafted(people)
    for name in ("孙丽", "李军", "张敏"):
        refused(RefusalCode.NOT_FOUND, queries.bulletin_for, people.acting(name), KEY)
    bulletin_approved(KEY, by=people.acting("蒋华"), at=PUBLISHED)
    bulletin_published(KEY, by=people.acting("蒋华"), at=PUBLISHED)
    assert queries.bulletin_for(people.acting("张敏"), KEY).number  # public inside


@pytest.mark.parametrize("key", ["", "x", "2026-09", "2026-13-1", "2026-09-x", "2026-09-99999", "2026-09-٣"])
def test_a_strange_key_names_nothing(people: Cast, key: str) -> None:
    refused(RefusalCode.NOT_FOUND, queries.bulletin_for, people.acting("吴涛"), key)


def test_it_prints_the_same_bytes_again(people: Cast) -> None:
    month_of_three(people)
    card(people.organ.pk, "C1")
    bulletin = published(people)
    copies = queries.copies(bulletin)
    first = papers.pdf(bulletin, copies)
    assert first.startswith(b"%PDF")
    assert papers.pdf(queries.bulletin_for(people.acting("吴涛"), KEY), copies) == first


def test_an_empty_month_is_a_circular_all_the_same(people: Cast) -> None:
    bulletin = published(people)
    assert "涉及0个部门" in bulletin.texts["scope"]
    assert papers.pdf(bulletin, []).startswith(b"%PDF")
