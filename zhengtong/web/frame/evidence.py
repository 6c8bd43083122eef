"""The evidence pack of a case as a download: one answer for its applicant and for who supervises."""

from django.http import HttpResponse

from zhengtong.base.files.names import content_disposition
from zhengtong.exchange.evidence_pack import evidence_zip


def evidence_answer(number: str, *, whole: bool) -> HttpResponse:
    """`whole` opens the inner acts too; nobody's cache keeps it."""
    name = f"evidence-{number}-whole.zip" if whole else f"evidence-{number}.zip"
    answer = HttpResponse(evidence_zip(number, whole=whole), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition(name)
    answer["Cache-Control"] = "private, no-store"
    return answer
