import hashlib
from datetime import datetime
from typing import Any

from zhengtong.base.keys import hidden_uuid
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.cases.models import Case, Paper
from zhengtong.rules.canonical import canonical
from zhengtong.rules.clock import local_date
from zhengtong.rules.numbers import paper_no

# The word in a paper's number, domain-rules §12.2. Papers without one carry the case number alone.
WORDS = {
    "F-01": "受",
    "F-02": "不受",
    "F-03": "补",
    "F-05": "准",
    "F-06": "不准",
    "F-07": "延",
    "F-08": "送",
    "F-10": "退",
}


def number_paper(case: Case, form: str, *, at: datetime) -> str:
    """The next 文号 of the organ's series for this form and year; the series is locked until the step commits."""
    word = WORDS.get(form)
    if word is None:
        return ""
    year = local_date(at).year
    return paper_no(case.organ.short_name, word, year, next_serial(f"paper:{case.organ_id}:{word}:{year}"))


def issue_paper(case: Case, form: str, number: str, content: dict[str, Any], *, by: Acting, at: datetime) -> Paper:
    """Freezes a paper's content. The PDF is drawn from it later, off the step's path."""
    text = canonical(content)
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
