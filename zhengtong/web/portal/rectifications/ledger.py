"""整改台账: plans of what cannot be mended at once, with their progress; everybody reads it, nobody is named."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.domains.rectifications import queries
from zhengtong.web.portal import keyset
from zhengtong.web.portal.rectifications import words

PAGE = 20


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    before = keyset.before(request)
    found = queries.ledger(before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    notes, at = queries.ledger_notes(shown), timezone.now()
    context = {
        "rows": [
            (
                row,
                [(words.NOTES[note.step], note) for note in notes.get(row.pk, [])],
                row.mended_at is None and row.mend_due_at is not None and row.mend_due_at < at,
            )
            for row in shown
        ],
        "before": before or "",
        "next": shown[-1].pk if len(found) > PAGE else "",
    }
    return render(request, "portal/rectifications/ledger.html", context)
