"""Letters by whoever may read them: their author, the organ that answers, the letter desk; tips by the integrity desk alone.

Permission stands in the query. Lists, counts, figures and the search begin at `_seen_by`: where a tip is not to be read it
is not counted either, for administrators and supervision as for everybody.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from zhengtong.base import search
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import queries as journal
from zhengtong.base.keys import query_code
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.base.search import engine
from zhengtong.base.search.terms import Term
from zhengtong.domains.letters.models import (
    Attachment,
    Category,
    Extension,
    Letter,
    Publication,
    Remark,
    Reply,
    ReplyTemplate,
    Revisit,
    RoutingRule,
)
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Organ, Post, Region
from zhengtong.rules.clock import local_date, start_of
from zhengtong.rules.letters import ABILITY, RUNNING, LetterKind, LetterState, Side
from zhengtong.rules.letters_likeness import ENOUGH, grams, likeness
from zhengtong.rules.letters_routing import Route, chosen
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import ABILITIES, Ability

__all__ = ["Attachment", "Category", "Letter", "Publication", "Reply"]

PAGE = 50
COUNT_CAP = 1000
RUNNING_STATES = sorted(state.value for state in RUNNING)
KIND = Letter.journal_kind
_TIP = Q(kind=LetterKind.TIP.value)
_NOBODY = Q(pk__in=[])
_WITH = ("organ", "section", "handler", "category", "region", "first_contact", "about_organ", "merged_into")
_WORKING = (Ability.ANSWER_LETTERS, Ability.APPROVE_REPLIES)


# --- who sees what ------------------------------------------------------------------------------------------------


def _seen_by(by: Acting) -> Q:
    if by.kind is ActorKind.SYSTEM:
        return ~_TIP  # the machine counts and publishes for everybody
    if by.kind is ActorKind.APPLICANT:
        return Q(account_id=by.id) if by.id is not None else _NOBODY
    if not by.is_officer:
        return _NOBODY
    tips = _TIP if by.can(Ability.READ_TIPS) else _NOBODY
    return tips | (_others(by) & ~_TIP)


def _others(by: Acting) -> Q:
    """What an officer sees of everything but tips."""
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.KEEP_LETTERS):
        return Q()
    seen = _NOBODY
    if kept := by.organs(Ability.KEEP_LETTERS):
        seen |= Q(organ_id__in=kept) | Q(organ_id__isnull=True)
    for post in by.posts:
        if not ABILITIES[post.role].isdisjoint(_WORKING):
            here = Q() if post.everywhere else Q(organ_id=post.organ_id)
            if post.section_id is not None:
                here &= Q(section_id=post.section_id) | Q(section_id__isnull=True)
            seen |= here & Q(organ_id__isnull=False)
    if by.can(Ability.REGISTER_LETTERS):
        seen |= Q(first_contact_id=by.id)  # 首问负责: who took it in may follow it
    if by.can(Ability.REVISIT):
        done = Q(state__in=[LetterState.SENT.value, LetterState.REVISITED.value])
        seen |= done if by.everywhere(Ability.REVISIT) else done & Q(organ_id__in=by.organs(Ability.REVISIT))
    return seen


def sides(by: Acting, letter: Letter) -> frozenset[Side]:
    """On which sides of this letter a person stands."""
    if by.kind is ActorKind.APPLICANT:
        own = letter.account_id is not None and letter.account_id == by.id
        return frozenset({Side.AUTHOR}) if own else frozenset()
    if letter.kind == LetterKind.TIP.value:
        return frozenset({Side.KEEPER, Side.ANSWERER} if by.can(Ability.READ_TIPS) else ())
    return frozenset(side for side, ability in ABILITY.items() if _stands(by, letter, side, ability))


def _stands(by: Acting, letter: Letter, side: Side, ability: Ability) -> bool:
    for post in by.posts:
        if ability not in ABILITIES[post.role]:
            continue
        if side in (Side.KEEPER, Side.REVISITOR) and (post.everywhere or letter.organ_id in (None, post.organ_id)):
            return True
        fits = post.section_id is None or letter.section_id is None or post.section_id == letter.section_id
        if letter.organ_id is not None and (post.everywhere or post.organ_id == letter.organ_id) and fits:
            return True
    return False


def reads_original(by: Acting, letter: Letter) -> bool:
    """Where the author is hidden, the organ reads the moderated text and no attachment; the letter desk reads all."""
    if not letter.confidential or by.kind is not ActorKind.OFFICER:
        return True
    return Side.KEEPER in sides(by, letter)


def may_reveal(by: Acting, letter: Letter) -> bool:
    """Who may ask, with a purpose, who wrote: the desk that keeps the letter; the organ unless the author is hidden."""
    found = sides(by, letter)
    if Side.KEEPER in found:
        return True
    return not letter.confidential and not found.isdisjoint({Side.ANSWERER, Side.REVISITOR})


def letter_for(by: Acting, number: str) -> Letter:
    """The letter, or Refusal(NOT_FOUND): the same answer for "does not exist" and "not yours"."""
    letter = Letter.objects.select_related(*_WITH).filter(_seen_by(by), number=number.strip().upper()).first()
    if letter is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return letter


def by_code(number: str, code: str) -> Letter:
    """Tracking without an account: number and query code, as on the receipt. Any other pair: Refusal(NOT_FOUND)."""
    letter = Letter.objects.select_related(*_WITH).filter(number=number.strip().upper()).first()
    right = query_code(KIND, letter.number if letter else "")
    if letter is None or not hmac.compare_digest(right.encode(), code.strip().upper().encode()):
        raise Refusal(RefusalCode.NOT_FOUND)
    return letter


def code_of(letter: Letter) -> str:
    """The query code for the receipt; whoever has it may track and urge, withdraw, confirm and reopen."""
    return query_code(KIND, letter.number)


def check_seen(letter: Letter, seen: int | None) -> None:
    """A step names the version of the letter it saw; Refusal(STALE) with what happened since, when it was another."""
    if seen is None or seen == letter.version:
        return
    later = journal.entries_of(KIND, letter.number).filter(seq__gt=seen).last()
    raise Refusal(
        RefusalCode.STALE,
        kind=later.kind if later else "",
        actor=later.actor_name if later else "",
        at=later.at if later else "",
    )


# --- lists --------------------------------------------------------------------------------------------------------


def mark(moment: datetime | None, number: str) -> str:
    """Where a page ended: asks for the next one. Numbers are no serials, so that nobody counts what they do not see."""
    return f"{moment.isoformat() if moment else ''}~{number}"


def _position(after: str) -> tuple[datetime | None, str]:
    text, _tilde, number = after.partition("~")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, ""
    return (moment, number) if moment.tzinfo else (None, "")


def _before(rows: QuerySet[Letter], field: str, before: str) -> QuerySet[Letter]:
    moment, number = _position(before)
    if moment is None:
        return rows
    return rows.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "number__lt": number}))


def my_letters(by: Acting, before: str = "", *, limit: int = PAGE) -> list[Letter]:
    """The author's own, newest first; `before`: `mark(letter.received_at, letter.number)` of the last one shown."""
    if by.kind is not ActorKind.APPLICANT or by.id is None:
        return []
    rows = Letter.objects.select_related("organ", "category").filter(account_id=by.id)
    return list(_before(rows, "received_at", before).order_by("-received_at", "-number")[:limit])


def owed(by: Acting, *, after: str = "", limit: int = PAGE, **asked: Any) -> list[Letter]:
    """What waits for a step, most urgent first. `asked` as in `letters`."""
    rows = _asked(by, **asked).filter(state__in=RUNNING_STATES)
    moment, number = _position(after)
    if moment is not None:
        rows = rows.filter(Q(due_at__gt=moment) | Q(due_at=moment, number__gt=number))
    return list(rows.select_related(*_WITH).order_by("due_at", "number")[:limit])


def letters(by: Acting, *, before: str = "", limit: int = PAGE, **asked: Any) -> list[Letter]:
    """Newest first, keyset by the moment of receipt."""
    rows = _before(_asked(by, **asked), "received_at", before)
    return list(rows.select_related(*_WITH).order_by("-received_at", "-number")[:limit])


def _asked(
    by: Acting,
    *,
    kind: str = "",
    mailbox: str = "",
    states: Sequence[str] = (),
    category: str = "",
    organ_id: int | None = None,
    section_id: int | None = None,
    handler_id: int | None = None,
    late_at: datetime | None = None,
    urgent: bool = False,
    case_no: str = "",
    text: str = "",
    since: date | None = None,
    until: date | None = None,
    unpublished: bool = False,
) -> QuerySet[Letter]:
    wanted: dict[str, Any] = {
        "kind": kind,
        "mailbox": mailbox,
        "organ_id": organ_id,
        "section_id": section_id,
        "handler_id": handler_id,
        "case_no": case_no,
        "received_on__gte": since,
        "received_on__lte": until,
    }
    rows = Letter.objects.filter(_seen_by(by), **{name: v for name, v in wanted.items() if v not in ("", None)})
    if states:
        rows = rows.filter(state__in=list(states))
    if category:
        rows = rows.filter(_under(category))
    if urgent:
        rows = rows.filter(urgent=True)
    if late_at is not None:
        rows = rows.filter(_late(late_at))
    if unpublished:
        rows = rows.filter(publication__state=Publication.PROPOSED)
    return rows.filter(_named(text)) if text else rows


def _under(code: str) -> Q:
    """A category and everything below it."""
    found = Category.objects.filter(code=code).values_list("path", flat=True).first()
    return Q(category__path=found) | Q(category__path__startswith=f"{found}.") if found else _NOBODY


def _late(at: datetime) -> Q:
    """The limit has passed unanswered; a 暂定 date never has (domain-rules §2.3)."""
    return Q(state__in=RUNNING_STATES, due_at__lt=at, provisional=False)


def _named(text: str) -> Q:
    """By number, or by words: tips and confidential letters stand in no index, so words never find them."""
    return Q(number=text.strip().upper()) | Q(external_key=text.strip()) | Q(pk__in=search.search(KIND, text, 500))


def counts(by: Acting, *, at: datetime) -> dict[str, int]:
    """What stands above the list, by state of what is owed, and `late`; costs what is open."""
    rows = Letter.objects.filter(_seen_by(by), state__in=RUNNING_STATES).order_by()
    found = {r["state"]: r for r in rows.values("state").annotate(n=Count("pk"), late=Count("pk", filter=_late(at)))}
    by_state = {state: found[state]["n"] if state in found else 0 for state in RUNNING_STATES}
    return by_state | {"open": sum(by_state.values()), "late": sum(row["late"] for row in found.values())}


def to_revisit(by: Acting, *, after: str = "", limit: int = PAGE) -> list[Letter]:
    """Answered letters nobody has called about yet, longest waiting first."""
    rows = Letter.objects.select_related(*_WITH).filter(_seen_by(by), state=LetterState.SENT.value)
    moment, number = _position(after)
    if moment is not None:
        rows = rows.filter(Q(replied_at__gt=moment) | Q(replied_at=moment, number__gt=number))
    return list(rows.order_by("replied_at", "number")[:limit])


# --- one letter ---------------------------------------------------------------------------------------------------


def replies(letter: Letter) -> list[Reply]:
    """Every draft and reply, oldest first, each with its attachments."""
    rows = Reply.objects.filter(letter=letter).select_related("writer", "approver")
    return list(rows.prefetch_related("attachments__file").order_by("pk"))


def replies_sent(letter: Letter) -> list[Reply]:
    """What the author reads: one for each round. Of a merged letter, those of the letter it went into."""
    rows = Reply.objects.filter(letter_id=letter.merged_into_id or letter.pk, state=Reply.SENT)
    return list(rows.prefetch_related("attachments__file").order_by("round"))


def draft_of(letter: Letter) -> Reply | None:
    return Reply.objects.select_related("writer").filter(letter=letter, state=Reply.DRAFT).order_by("-pk").first()


def attachments(letter: Letter) -> list[Attachment]:
    """What came with the letter itself."""
    return list(Attachment.objects.select_related("file").filter(letter=letter, reply__isnull=True).order_by("pk"))


def attachment_for(by: Acting, letter: Letter, attachment_id: int) -> Attachment:
    """A file of this letter that this person may open; Refusal(NOT_FOUND) else."""
    rows = Attachment.objects.select_related("file", "reply").filter(letter=letter, pk=attachment_id)
    found = rows.first()
    if found is None or (found.reply_id is None and not reads_original(by, letter)):
        raise Refusal(RefusalCode.NOT_FOUND)
    if not by.is_officer and found.reply is not None and found.reply.state != Reply.SENT:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def extension_of(letter: Letter) -> Extension | None:
    return Extension.objects.select_related("asked_by", "decided_by").filter(letter=letter).first()


def revisits(letter: Letter) -> list[Revisit]:
    return list(Revisit.objects.select_related("by").filter(letter=letter).order_by("pk"))


def remarks(letter: Letter) -> dict[int, str]:
    """What was said with a step, by the number of its entry."""
    return dict(Remark.objects.filter(letter=letter).values_list("seq", "text"))


def merged(letter: Letter) -> list[Letter]:
    return list(Letter.objects.filter(merged_into=letter).order_by("received_at"))


def running_limit(letter: Letter, kind: DeadlineKind = DeadlineKind.REPLY) -> Deadline | None:
    rows = Deadline.objects.filter(subject_kind=KIND, subject_key=letter.number, kind=kind.value, outcome=Deadline.OPEN)
    return rows.order_by("-ordinal").first()


def reopen_until(letter: Letter) -> date | None:
    """The last day on which the author may ask for a second answer; None where there is no first, or was a second."""
    last = Reply.objects.filter(letter=letter, state=Reply.SENT).order_by("-round").first()
    sent = last.sent_at if last else letter.replied_at
    if sent is None or letter.round > 1 or letter.kind == LetterKind.TIP.value:
        return None
    law, on = current_law(), local_date(sent)
    return law.calendar.nth_working_day(on, law.value("letter.reopen.days", on))


def took_part(letter: Letter) -> frozenset[int]:
    """Officers who wrote, approved or handled; they do not call the author back, nor answer a reopened letter."""
    rows = Reply.objects.filter(letter=letter).values_list("writer_id", "approver_id")
    found = [letter.handler_id, *(officer for pair in rows for officer in pair)]
    return frozenset(officer for officer in found if officer is not None)


def publication_of(letter: Letter) -> Publication | None:
    return Publication.objects.select_related("proposed_by", "judged_by").filter(letter=letter).first()


def letters_by_numbers(numbers: Iterable[str]) -> dict[str, Letter]:
    """Plain rows for sweeps and flows, which act for the system."""
    rows = Letter.objects.select_related(*_WITH).filter(number__in=list(numbers))
    return {letter.number: letter for letter in rows}


def quiet_since(at: datetime, *, limit: int = 200) -> list[Letter]:
    """Answered letters of which nothing was heard in all the time their author had to ask again."""
    law, today = current_law(), local_date(at)
    last = start_of(law.calendar.nth_working_day(today, -int(law.value("letter.reopen.days", today))))
    rows = Letter.objects.filter(state__in=[LetterState.SENT.value, LetterState.REVISITED.value], replied_at__lt=last)
    rows = rows.annotate(last_sent=Max("replies__sent_at")).filter(last_sent__lt=last)
    return list(rows.select_related(*_WITH).order_by("replied_at")[:limit])


def people_of(organ_id: int | None, section_id: int | None, ability: Ability, on: date) -> list[Post]:
    """Whom a letter concerns in an organ: posts with this ability, of its section where it names one."""
    roles = [role.value for role, abilities in ABILITIES.items() if ability in abilities]
    rows = Post.objects.select_related("officer").filter(
        registry.in_force(on), role__in=roles, officer__left_on__isnull=True
    )
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    if section_id is not None:
        rows = rows.filter(Q(section_id=section_id) | Q(section_id__isnull=True))
    return list(rows.order_by("pk"))


# --- duplicates ---------------------------------------------------------------------------------------------------

_LOOKED_AT = 40  # candidates compared by their words
_MOST_PAIRS = 40  # of a text, spread over it: what a look-up by pairs costs
_YEAR = timedelta(days=365)


def duplicates(by: Acting, letter: Letter, *, limit: int = 5) -> list[tuple[Letter, float]]:
    """Letters this one may repeat, most alike first; by words, author and place. Measured: docs/letters.md."""
    if letter.kind == LetterKind.TIP.value or not reads_original(by, letter):
        return []
    near = Q(author_hash=letter.author_hash) if letter.author_hash else _NOBODY
    near |= Q(place_hash=letter.place_hash) if letter.place_hash else _NOBODY
    window = Q(received_at__gte=letter.received_at - _YEAR, received_at__lte=letter.received_at + _YEAR)
    found = set(_by_pairs(letter.subject_line, letter.text)) | set(
        Letter.objects.filter(near, window).order_by("-received_at").values_list("pk", flat=True)[:_LOOKED_AT]
    )
    rows = Letter.objects.select_related("organ").filter(_seen_by(by), window, pk__in=found).exclude(_TIP)
    scored = [(other, _likeness(letter, other)) for other in rows.exclude(pk=letter.pk)]
    likely = [(other, score) for other, score in scored if score >= ENOUGH]
    return sorted(likely, key=lambda one: (-one[1], one[0].number))[:limit]


def _likeness(one: Letter, other: Letter) -> float:
    return likeness(
        (one.subject_line, one.text),
        (other.subject_line, other.text),
        same_author=bool(one.author_hash) and one.author_hash == other.author_hash,
        same_place=bool(one.place_hash) and one.place_hash == other.place_hash,
    )


def _by_pairs(*texts: str) -> list[int]:
    """Letters that share pairs of characters with these texts."""
    found: list[int] = []
    for text in texts:
        pairs = sorted(grams(text))
        step = max(1, len(pairs) // _MOST_PAIRS)
        wanted = tuple((Term(pair),) for pair in pairs[::step][:_MOST_PAIRS])
        if wanted:
            found += engine.matches(KIND, wanted, every=False, limit=_LOOKED_AT)
    return found


def similar(text: str, organ_id: int | None = None, limit: int = 3) -> list[Publication]:
    """Published letters like a text somebody is writing: they may hold the answer already. Safe for everybody."""
    pairs = sorted(grams(text))
    step = max(1, len(pairs) // _MOST_PAIRS)
    wanted = tuple((Term(pair),) for pair in pairs[::step][:_MOST_PAIRS])
    ids = engine.matches(PUBLISHED, wanted, every=False, limit=_LOOKED_AT) if wanted else []
    rows = _published().filter(pk__in=ids)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    scored = [(likeness((text, text), (one.title, one.question)), one) for one in rows]
    return [one for score, one in sorted(scored, key=lambda s: (-s[0], s[1].pk)) if score >= ENOUGH / 2][:limit]


# --- published ----------------------------------------------------------------------------------------------------

PUBLISHED = "letter_published"  # kind of the search index


def _published() -> QuerySet[Publication]:
    rows = Publication.objects.select_related("organ", "category", "letter")
    return rows.filter(state=Publication.PUBLISHED)


def published(
    query: str = "", category: str = "", before: str = "", *, organ_id: int | None = None, limit: int = 20
) -> list[Publication]:
    """Typical letters made public, newest first; with words, best first. `before`: `published_mark` of the last shown."""
    rows = _published()
    if category:
        found = Category.objects.filter(code=category).values_list("path", flat=True).first()
        rows = (
            rows.filter(Q(category__path=found) | Q(category__path__startswith=f"{found}.")) if found else rows.none()
        )
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    if query.strip():
        ids = search.search(PUBLISHED, query, 200)
        found_rows = {row.pk: row for row in rows.filter(pk__in=ids)}
        return [found_rows[pk] for pk in ids if pk in found_rows][:limit]
    moment, number = _position(before)
    if moment is not None:
        rows = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, letter__number__lt=number))
    return list(rows.order_by("-published_at", "-letter__number")[:limit])


def published_mark(publication: Publication) -> str:
    return mark(publication.published_at, publication.letter.number)


def published_for(number: str) -> Publication:
    found = _published().filter(letter__number=number.strip().upper()).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


# --- categories, routes, templates --------------------------------------------------------------------------------


def categories(*, retired: bool = False) -> list[Category]:
    """The tree, every parent before its children."""
    rows = Category.objects.select_related("parent").order_by("path")
    return list(rows if retired else rows.filter(retired=False))


def category_for(code: str) -> Category | None:
    """None for no code; Refusal(LETTER_CATEGORY_UNKNOWN) for one that is not there."""
    if not code:
        return None
    found = Category.objects.filter(code=code, retired=False).first()
    if found is None:
        raise Refusal(RefusalCode.LETTER_CATEGORY_UNKNOWN, code=code)
    return found


def region_for(code: str) -> Region | None:
    """None for no code; Refusal(NOT_FOUND) for one that is not there."""
    if not code:
        return None
    found = Region.objects.select_related("parent__parent__parent").filter(code=code).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def routing_rules(by: Acting | None = None) -> list[RoutingRule]:
    rows = RoutingRule.objects.select_related("region", "category", "about", "organ", "section")
    return list(rows.filter(active=True).order_by("organ__name", "pk"))


def rule_for(rule_id: int) -> RoutingRule:
    found = RoutingRule.objects.select_related("organ", "section").filter(pk=rule_id, active=True).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def destination(region: Region | None, category: Category | None, about: Organ | None) -> RoutingRule | None:
    """The rule that says most about a letter of this region and category, about this organ."""
    kept = {rule.pk: rule for rule in routing_rules()}
    routes = [
        Route(
            rule.pk,
            rule.region.code if rule.region else "",
            rule.category.code if rule.category else "",
            rule.about.code if rule.about else "",
        )
        for rule in kept.values()
    ]
    found = chosen(
        routes, regions=_regions(region), categories=_categories(category), organ=about.code if about else ""
    )
    return kept[found.key] if found else None


def _regions(region: Region | None) -> list[str]:
    chain: list[str] = []
    while region is not None:
        chain.insert(0, region.code)
        region = region.parent
    return chain


def _categories(category: Category | None) -> list[str]:
    chain: list[str] = []
    while category is not None:
        chain.insert(0, category.code)
        category = category.parent
    return chain


def templates(kind: str = "", *, retired: bool = False) -> list[ReplyTemplate]:
    rows = ReplyTemplate.objects.order_by("name")
    if not retired:
        rows = rows.filter(retired=False)
    return list(rows.filter(Q(kind="") | Q(kind=kind)) if kind else rows)


def template_for(template_id: int) -> ReplyTemplate:
    found = ReplyTemplate.objects.filter(pk=template_id).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


# --- what others ask ----------------------------------------------------------------------------------------------


def complaints_about(case_no: str, *, limit: int = PAGE) -> list[Letter]:
    """Complaints that name a case, newest first, for supervision; never a tip."""
    rows = Letter.objects.select_related("organ").filter(case_no=case_no, kind=LetterKind.COMPLAINT.value)
    return list(rows.order_by("-received_at")[:limit]) if case_no else []


def confirmed_complaints(since: date, until: date) -> dict[int, int]:
    """Organ → complaints found true, or partly true, of those answered in the period: a quantity of the scores."""
    rows = Letter.objects.filter(
        kind=LetterKind.COMPLAINT.value, finding__in=["confirmed", "partly"], organ_id__isnull=False,
        replied_at__isnull=False, received_on__gte=since, received_on__lte=until,
    ).order_by()  # fmt: skip
    return dict(rows.values_list("organ_id").annotate(n=Count("pk")))


def phone_hash(phone: str) -> str:
    return lookup_hash(phone)


# --- figures ------------------------------------------------------------------------------------------------------

WITHIN_FIELDS = {1: "within_1", 5: "within_5", 10: "within_10", 15: "within_15", 20: "within_20"}
GROUPS = {
    "organ": "organ_id",
    "kind": "kind",
    "mailbox": "mailbox",
    "category": "category_id",
    "section": "section_id",
}
_ENDED_OTHERWISE = [
    state.value
    for state in (
        LetterState.TRANSFERRED,
        LetterState.CONVERTED,
        LetterState.WITHDRAWN,
        LetterState.MERGED,
        LetterState.REFUSED,
    )
]
_REPLIED = Q(replied_at__isnull=False)


def _measures(at: datetime) -> dict[str, Q]:
    """Each figure as the rows it counts: the same condition makes the number and its list."""
    measures = {
        "received": Q(),
        "replied": _REPLIED,
        "late": Q(replied_late=True) | _late(at),
        "open": Q(state__in=RUNNING_STATES),
        "otherwise": Q(state__in=_ENDED_OTHERWISE),
        "extended": Q(extended=True),
        "reopened": Q(round__gt=1),
        "revisited": ~Q(satisfaction=""),
        "satisfied": Q(satisfaction="satisfied"),
        "confirmed": Q(finding__in=["confirmed", "partly"]),
        "urged": Q(urged__gt=0),
    }
    for days, name in WITHIN_FIELDS.items():
        measures[name] = Q(answer_days__lte=days)
    return measures


MEASURES = ("received", "replied", *WITHIN_FIELDS.values(), "late", "open", "otherwise", "extended", "reopened",
            "revisited", "satisfied", "confirmed", "urged")  # fmt: skip


def figures(by: Acting, since: date, until: date, *, group: str, at: datetime, **asked: Any) -> list[dict[str, Any]]:
    """Letters received in the period by a group: {key, measure: count}. One query, from the rows this person may see."""
    field = GROUPS[group]
    rows = _asked(by, since=since, until=until, **asked).order_by().values(key=F(field))
    counted: dict[str, Any] = {name: Count("pk", filter=q) if q else Count("pk") for name, q in _measures(at).items()}
    return [dict(row) for row in rows.annotate(**counted)]


def rows_behind(
    by: Acting,
    measure: str,
    since: date,
    until: date,
    *,
    at: datetime,
    group: str = "",
    key: Any = None,
    before: str = "",
    limit: int = PAGE,
    **asked: Any,
) -> list[Letter]:
    """The letters one figure counts, newest first; `group` and `key`: only one line of the table."""
    rows = _asked(by, since=since, until=until, **asked).filter(_measures(at)[measure])
    if group:
        number = key if key is None or group in ("kind", "mailbox") else whole_number(key)
        rows = rows.filter(**({f"{GROUPS[group]}__isnull": True} if number is None else {GROUPS[group]: number}))
    return list(_before(rows, "received_at", before).select_related(*_WITH).order_by("-received_at", "-number")[:limit])


def whole_number(text: Any) -> int:
    """An id out of an address; what is none names nothing."""
    return int(text) if str(text).isdecimal() and str(text).isascii() and len(str(text)) < 19 else 0


def counted_letters(by: Acting, log: str = "") -> Iterator[tuple[date, datetime | None, bool]]:
    """(day received, moment answered, whether the reply says anything), of one imported source or of all letters."""
    rows = Letter.objects.filter(_seen_by(by))
    if log:
        rows = rows.filter(external_key__startswith=f"{log}:")
    said = Exists(Reply.objects.filter(letter=OuterRef("pk"), state=Reply.SENT).exclude(text=""))
    found = rows.annotate(said=said).order_by("pk").values_list("received_on", "replied_at", "said")
    return found.iterator(chunk_size=2_000)
