"""Rules in force, and cards by whoever may see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q

from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting
from zhengtong.domains.supervision.models import Card, CardFile, Rule, RuleVersion
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role
from zhengtong.rules.supervision.findings import filled
from zhengtong.rules.supervision.procedure import APPEAL_DAYS, TAKEN_BACK, CardState

PAGE = 50
_BACK = [state.value for state in TAKEN_BACK]
_NOT_ISSUED = [*_BACK, CardState.DRAFT.value]

# --- rules ---


def _in_force(on: date) -> Q:
    return Q(effective_from__lte=on) & (Q(effective_to__isnull=True) | Q(effective_to__gte=on))


def rule_in_force(code: str, on: date, *, region: str = "") -> RuleVersion | None:
    """The enabled version of a rule on a day: the region's own, else the general one. None: it finds nothing."""
    rows = RuleVersion.objects.filter(_in_force(on), code=code, region__in=["", region]).order_by("-region", "-number")
    version = rows.first()
    return version if version is not None and version.enabled else None


def rules_in_force(on: date, *, region: str = "") -> dict[str, RuleVersion]:
    """Enabled versions by code, in the order of the catalogue; one query."""
    found: dict[str, RuleVersion] = {}
    rows = RuleVersion.objects.filter(_in_force(on), region__in=["", region])
    for version in rows.order_by("rule__position", "region", "number"):
        found[version.code] = version
    return {code: version for code, version in found.items() if version.enabled}


# --- cards, for those who count and show them ---


def cards_by_organ(since: date, until: date) -> dict[tuple[int, str, str], int]:
    """(organ, rule, level) → cards issued from `since` to `until`, both inside; none that was taken back."""
    rows = (
        Card.objects.filter(issued_on__gte=since, issued_on__lte=until)
        .exclude(state__in=_NOT_ISSUED)
        .order_by()
        .values("organ_id", "rule_code", "level")
        .annotate(n=Count("pk"))
    )
    return {(row["organ_id"], row["rule_code"], row["level"]): row["n"] for row in rows}


def newest_cards(limit: int = 20, *, organ_ids: Sequence[int] | None = None) -> list[Card]:
    """The newest cards from warning upwards, drafts and those taken back left out."""
    rows = Card.objects.filter(rank__gte=Level.WARN.rank).exclude(state__in=_NOT_ISSUED)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=organ_ids)
    return list(rows.select_related("organ", "section", "officer", "rule_version").order_by("-id")[:limit])


def open_cards(
    *, organ_ids: Sequence[int] | None = None, officer_id: int | None = None, limit: int = PAGE
) -> list[Card]:
    """Cards that still want something (an issue, an answer, a decision, a closing), oldest first."""
    rows = Card.objects.filter(standing=True)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=organ_ids)
    if officer_id is not None:
        rows = rows.filter(officer_id=officer_id)
    return list(rows.select_related("organ", "section", "officer", "rule_version").order_by("id")[:limit])


# --- one card, for whoever may see it ---


def answers_for(card: Card, by: Acting) -> bool:
    """Whether this person answers for a card: the officer (or who stands in), the head of the section, the 首席代表."""
    if not by.is_officer:
        return False
    if card.officer_id is not None and card.officer_id in by.principals():
        return True
    return by.post_for((Role.SECTION_HEAD, Role.APPROVER), card.organ_id, card.section_id) is not None


def appeal_until(card: Card, calendar: Calendar) -> date | None:
    """The last day of an appeal: within 3 working days of issue (§5.2)."""
    return calendar.nth_working_day(card.issued_on, APPEAL_DAYS) if card.issued_on else None


def card_for(by: Acting, number: str) -> Card:
    """The card, for supervision, for who reads the organ's reports, and for those who answer for it; else NOT_FOUND."""
    card = (
        Card.objects.select_related(
            "organ", "organ__region", "section", "officer", "rule_version", "issued_by", "raised_by", "answer",
            "answer__answered_by", "appeal", "appeal__appealed_by", "appeal__decided_by",
        )
        .filter(number=number)
        .first()
    )  # fmt: skip
    if card is None or not (
        by.can(Ability.SEE_ALL)
        or by.everywhere(Ability.READ_REPORTS)
        or card.organ_id in by.organs(Ability.READ_REPORTS)
        or answers_for(card, by)
    ):
        raise Refusal(RefusalCode.NOT_FOUND)
    return card


def cards_by_numbers(numbers: Sequence[str]) -> dict[str, Card]:
    """Plain rows for the sweep, which acts for the system."""
    rows = Card.objects.select_related("organ", "rule_version").filter(number__in=list(numbers))
    return {card.number: card for card in rows}


def reds_without_order(limit: int = 100) -> list[Card]:
    """Red cards that are out and have not brought their order yet; an index scan of just those."""
    rows = Card.objects.filter(state=CardState.ISSUED.value, rank=Level.RED.rank, order_no="")
    return list(rows.exclude(subject_kind="order").select_related("organ", "rule_version").order_by("id")[:limit])


def message(card: Card, *, english: bool = False) -> str:
    """The rule's sentence about this card, with its facts."""
    template = card.rule_version.message_en if english else card.rule_version.message
    return filled(template, {"key": card.subject_key} | card.facts)


def cards_of(subject_kind: str, subject_keys: Sequence[str]) -> dict[str, list[Card]]:
    """Cards about these subjects that were issued and not taken back, newest first; one query for a page."""
    found: dict[str, list[Card]] = {}
    rows = Card.objects.filter(subject_kind=subject_kind, subject_key__in=list(subject_keys))
    for card in rows.exclude(state__in=_NOT_ISSUED).select_related("rule_version").order_by("-id"):
        found.setdefault(card.subject_key, []).append(card)
    return found


def check_seen(card: Card, seen: int | None) -> None:
    """Refusal(STALE) when the page showed an older version; None asks nothing."""
    if seen is None or seen == card.version:
        return
    last = entries_of(Card.journal_kind, card.number).last()
    raise Refusal(
        RefusalCode.STALE,
        kind=last.kind if last else "",
        actor=last.actor_name if last else "",
        at=last.at if last else "",
    )


# --- lists ---


def _seen_by(by: Acting) -> Q:
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.READ_REPORTS):
        return Q()
    return Q(organ_id__in=by.organs(Ability.READ_REPORTS))


def cards(
    by: Acting,
    *,
    numbers: Sequence[str] | None = None,
    state: str = "",
    level: str = "",
    group: str = "",
    rule: str = "",
    organ_id: int | None = None,
    text: str = "",
    since: date | None = None,
    until: date | None = None,
    standing: bool = False,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Card]:
    """Newest first, keyset by id. `since` and `until` by the day of issue, so that a figure opens just what it counts."""
    asked: dict[str, Any] = {
        "number__in": numbers,
        "state": state,
        "level": level,
        "rule_version__rule__group": group,
        "rule_code": rule,
        "organ_id": organ_id,
        "issued_on__gte": since,
        "issued_on__lte": until,
        "standing": standing or None,
        "pk__lt": before,
    }
    rows = Card.objects.filter(_seen_by(by), **{k: v for k, v in asked.items() if v not in ("", None)})
    if text:
        rows = rows.filter(Q(number=text.upper()) | Q(subject_key=text.upper()) | Q(officer__name=text))
    return list(rows.select_related("organ", "section", "officer", "rule_version").order_by("-pk")[:limit])


def card_counts(by: Acting) -> dict[str, int]:
    """What stands above the list: by state, of cards that still want something; so it costs what is open."""
    rows = Card.objects.filter(_seen_by(by), standing=True).order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


_OWED = [CardState.ISSUED.value, CardState.UPHELD.value, CardState.ESCALATED.value]
ANSWERING = (Role.SECTION_HEAD, Role.APPROVER)
BADGE_CAP = 99


def _theirs(by: Acting) -> Q:
    wanted = Q(officer_id__in=by.principals())
    for post in by.posts:
        if post.role in ANSWERING:
            where = Q(organ_id=post.organ_id)
            if post.section_id is not None:
                where &= Q(section_id=post.section_id) | Q(section_id__isnull=True)
            wanted |= where
    return wanted & ~Q(state=CardState.DRAFT.value)


def received_cards(by: Acting, *, owed: bool, before: int | None = None, limit: int = PAGE) -> list[Card]:
    """An officer's own cards and those of the sections they head. `owed`: unanswered, the soonest due first."""
    rows = Card.objects.filter(_theirs(by)).select_related("organ", "section", "officer", "rule_version")
    if owed:
        waiting = rows.filter(standing=True, state__in=_OWED, rank__gte=Level.YELLOW.rank)
        return list(waiting.order_by("answer_due_on", "pk")[:limit])
    return list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:limit])


def owed_count(by: Acting) -> int:
    """The badge of the rail, capped: cards that wait for this person's answer."""
    rows = Card.objects.filter(_theirs(by), standing=True, state__in=_OWED, rank__gte=Level.YELLOW.rank)
    return len(rows.order_by().values_list("pk")[: BADGE_CAP + 1])


def files_of(card: Card) -> list[CardFile]:
    return list(CardFile.objects.filter(card=card).select_related("file").order_by("pk"))


def file_for(card: Card, file_id: int) -> CardFile:
    found = next((one for one in files_of(card) if one.pk == file_id), None)
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


# --- the catalogue of rules, for its screens ---


def catalogue(on: date) -> list[tuple[Rule, RuleVersion, RuleVersion | None]]:
    """(rule, the general version on that day, a later one) in the order of the handbook; one query."""
    found: list[tuple[Rule, RuleVersion, RuleVersion | None]] = []
    versions: dict[int, list[RuleVersion]] = {}
    for version in RuleVersion.objects.filter(region="").select_related("rule").order_by("rule__position", "number"):
        versions.setdefault(version.rule_id, []).append(version)
    for rows in versions.values():
        running = [v for v in rows if v.effective_from <= on]
        current = max(running or rows, key=lambda v: v.effective_from)
        later = [v for v in rows if v.effective_from > on]
        found.append((current.rule, current, min(later, key=lambda v: v.effective_from) if later else None))
    return found


def rule_for(code: str) -> Rule:
    rule = Rule.objects.filter(code=code).first()
    if rule is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return rule


def versions_of(rule: Rule) -> list[RuleVersion]:
    """Newest first, of all regions."""
    return list(RuleVersion.objects.filter(rule=rule).order_by("-number"))


def issued_by_rule(since: date, until: date) -> dict[str, int]:
    """Rule → cards issued in the period and not taken back."""
    counts: dict[str, int] = {}
    for (_organ, code, _level), n in cards_by_organ(since, until).items():
        counts[code] = counts.get(code, 0) + n
    return counts


def answers_due(on: date) -> list[Card]:
    """Cards whose answer is owed and due on a day."""
    rows = Card.objects.filter(standing=True, state__in=_OWED, answer_due_on=on)
    return list(rows.select_related("organ", "section", "officer", "rule_version").order_by("pk"))
