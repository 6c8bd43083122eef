import hashlib
from datetime import datetime

from zhengtong.base.files.models import StoredFile
from zhengtong.base.keys import hidden_uuid
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.cases.models import Case, Paper
from zhengtong.domains.cases.papers import Content
from zhengtong.rules.canonical import canonical
from zhengtong.rules.clock import local_date
from zhengtong.rules.numbers import paper_no


def number_paper(case: Case, word: str, *, at: datetime) -> str:
    """The next 文号 of the organ's series for this word and year; the series is locked until the step commits."""
    year = local_date(at).year
    return paper_no(case.organ.short_name, word, year, next_serial(f"paper:{case.organ_id}:{word}:{year}"))


def issue_paper(case: Case, content: Content, *, by: Acting, at: datetime) -> Paper:
    """Freezes a paper's content. The PDF is drawn from it later, off the step's path."""
    form, number, text = content.form, content.number, canonical(content.to_json())
    if number == case.number:
        number = ""  # a receipt goes by the case number and has no series of its own
    return Paper.objects.create(
        uid=hidden_uuid("paper", case.number, form, str(case.version)),
        case=case,
        form=form,
        number=number,
        content=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        issued_at=at,
        issued_by_id=by.id if by.kind is ActorKind.OFFICER else None,
    )


def keep_drawing(paper: Paper, file: StoredFile) -> None:
    """Remembers the PDF drawn from a frozen content; the first one stays."""
    Paper.objects.filter(pk=paper.pk, file__isnull=True).update(file=file)
    paper.file = file
