"""办事指南: everything art. 30 wants displayed, on one page, on paper, and as the empty form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.base.files.names import content_disposition
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.knowledge import queries as knowledge
from zhengtong.domains.ratings import queries as ratings
from zhengtong.flows.draw_paper import draw_guide
from zhengtong.rules.form_shape import form_from
from zhengtong.web.frame.dates import in_english
from zhengtong.web.portal import words
from zhengtong.web.portal.item import shown, typical

MOST_ASKED = 5


@require_safe
def guide(request: HttpRequest, item_code: str) -> HttpResponse:
    item, document = catalogue.shown_item(item_code)
    context = {
        "shown": shown(item, document),
        "item": item,
        "document": document,
        "level": words.word(words.LEVELS, document["level"]),
        "stages": [
            {"label": words.word(words.STAGES, row["stage"]), "days": row["limit_days"]}
            for row in document["procedure"]["stages"]
        ],
        "typical": typical(item.pk, timezone.now()) if item.current_version_id else None,
        "satisfied": ratings.item_satisfaction(item.pk, on=timezone.localdate()),
        "has_form": bool(document["form"]["sections"]),
        "asked": [(one, helped.yes, helped.base) for one, helped in _asked(item_code)],
    }
    return render(request, "portal/item.html", context)


def _asked(item_code: str) -> list[tuple[knowledge.Article, knowledge.Helped]]:
    """Questions answered about this item, with what readers said of the answers. Two queries, one where there are none."""
    articles = knowledge.of_item(item_code, limit=MOST_ASKED)
    said = knowledge.helped(articles) if articles else {}
    return [(one, said[one.pk]) for one in articles]


@require_safe
def guide_pdf(request: HttpRequest, item_code: str) -> HttpResponse:
    content = draw_guide(item_code, on=timezone.localdate(), english=in_english())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition(f"办事指南-{item_code}.pdf", inline=True)
    return response


@require_safe
def blank_form(request: HttpRequest, item_code: str) -> HttpResponse:
    """The item's form with empty lines, for whoever fills it in by hand (free of charge, art. 58)."""
    item, document = catalogue.shown_item(item_code)
    return render(
        request, "portal/item_form.html", {"item": item, "document": document, "form": form_from(document["form"])}
    )
