"""Who may read a letter, and from which side. Where a tip is not to be read it is not counted either."""

import hmac

from django.db.models import Q

from zhengtong.base.journal import queries as journal
from zhengtong.base.keys import query_code
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.letters.models import Letter
from zhengtong.rules.letters import ABILITY, RUNNING, LetterKind, LetterState, Side
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import ABILITIES, Ability

PAGE = 50
COUNT_CAP = 1000
RUNNING_STATES = sorted(state.value for state in RUNNING)
KIND = Letter.journal_kind
TIP = Q(kind=LetterKind.TIP.value)
NOBODY = Q(pk__in=[])
WITH = ("organ", "section", "handler", "category", "region", "first_contact", "about_organ", "merged_into")
_WORKING = (Ability.ANSWER_LETTERS, Ability.APPROVE_REPLIES)


def seen_by(by: Acting) -> Q:
    if by.kind is ActorKind.SYSTEM:
        return ~TIP  # the machine counts and publishes for everybody
    if by.kind is ActorKind.APPLICANT:
        return Q(account_id=by.id) if by.id is not None else NOBODY
    if not by.is_officer:
        return NOBODY
    tips = TIP if by.can(Ability.READ_TIPS) else NOBODY
    return tips | (_others(by) & ~TIP)


def _others(by: Acting) -> Q:
    """What an officer sees of everything but tips."""
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.KEEP_LETTERS):
        return Q()
    seen = NOBODY
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
    rows = Letter.objects.select_related(*WITH).filter(number=number.strip().upper())
    letter = rows.filter(seen_by(by)).first()
    if letter is None and by.is_officer:
        letter = rows.filter(_answered_together(by)).first()
    if letter is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return letter


def _answered_together(by: Acting) -> Q:
    """Whoever answers a letter reads what was merged into it. In no list: it is the other one that is answered."""
    return Q(merged_into__in=Letter.objects.filter(seen_by(by))) & ~TIP


def by_code(number: str, code: str) -> Letter:
    """Tracking without an account: number and query code, as on the receipt. Any other pair: Refusal(NOT_FOUND)."""
    letter = Letter.objects.select_related(*WITH).filter(number=number.strip().upper()).first()
    right = query_code(KIND, letter.number if letter else "")
    if letter is None or not hmac.compare_digest(right.encode(), code.strip().upper().encode()):
        raise Refusal(RefusalCode.NOT_FOUND)
    return letter


def received_as(key: str) -> Letter | None:
    """The letter a door of ours made under a key that only its writer's session knows."""
    return Letter.objects.filter(external_key=key).first() if key else None


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
