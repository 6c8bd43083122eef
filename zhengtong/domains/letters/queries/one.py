"""What belongs to one letter: replies, files, limits, who took part."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max, Q

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.letters.models import (
    Attachment,
    Extension,
    Letter,
    Publication,
    Remark,
    Reply,
    Revisit,
)
from zhengtong.domains.letters.queries.who import KIND, WITH, reads_original
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Post
from zhengtong.rules.clock import local_date, start_of
from zhengtong.rules.letters import LetterKind, LetterState
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import ABILITIES, Ability


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
    rows = Letter.objects.select_related(*WITH).filter(number__in=list(numbers))
    return {letter.number: letter for letter in rows}


def quiet_since(at: datetime, *, limit: int = 200) -> list[Letter]:
    """Answered letters of which nothing was heard in all the time their author had to ask again."""
    law, today = current_law(), local_date(at)
    last = start_of(law.calendar.nth_working_day(today, -int(law.value("letter.reopen.days", today))))
    rows = Letter.objects.filter(state__in=[LetterState.SENT.value, LetterState.REVISITED.value], replied_at__lt=last)
    rows = rows.annotate(last_sent=Max("replies__sent_at")).filter(last_sent__lt=last)
    return list(rows.select_related(*WITH).order_by("replied_at")[:limit])


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
