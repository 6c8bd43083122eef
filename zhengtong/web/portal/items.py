from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.knowledge import queries as knowledge
from zhengtong.web.frame.language import typed_in_chinese
from zhengtong.web.portal import words

LIFE_EVENT = catalogue.Facet.Kind.LIFE_EVENT
PERSON_TOPIC = catalogue.Facet.Kind.PERSON_TOPIC
ENTERPRISE_TOPIC = catalogue.Facet.Kind.ENTERPRISE_TOPIC
FILTERS = ("organ", "topic", "life_event", "applicant", "level", "online")
NEARER = ("village", "township")
ONLINE = "2"  # A.5
MOST_TEXT = 100


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    text = _asked(request, "q")
    chosen = {name: _asked(request, name) for name in FILTERS}
    found = catalogue.find(
        text,
        organ=chosen["organ"],
        topic=chosen["topic"],
        life_event=chosen["life_event"],
        applicant_type=chosen["applicant"],
        channel=ONLINE if chosen["online"] else None,
        level=chosen["level"] if chosen["level"] in NEARER else None,
        open_only=bool(chosen["online"]),
        after=_asked(request, "after"),
    )
    context = {
        "text": text,
        "typed_chinese": typed_in_chinese(text),
        "chosen": chosen,
        "narrowed": any(chosen.values()),
        "found": found,
        "first_page": request.path + _query(text, chosen),
        "without_filters": request.path + _query(text, {}),
        "organs": catalogue.organ_counts(),
        "topics": _topics(),
        "life_events": catalogue.facet_counts(LIFE_EVENT),
        "applicants": [(code, label) for code, label in words.APPLICANTS.items() if code != "5"],
        "levels": [(level, words.NEAREST[level]) for level in NEARER],
        "popular": [] if found.items else catalogue.popular(5),
        "articles": knowledge.search(text, limit=3) if text and not found.items else [],
    }
    return render(request, "portal/items.html", context)


def _asked(request: HttpRequest, name: str) -> str:
    """PostgreSQL takes no NUL in a text, and nobody types one."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:MOST_TEXT]


def _topics() -> list[tuple[str, int]]:
    topics: dict[str, int] = {}
    for kind in (ENTERPRISE_TOPIC, PERSON_TOPIC):
        for value, count in catalogue.facet_counts(kind):
            topics[value] = topics.get(value, 0) + count
    return sorted(topics.items(), key=lambda pair: (-pair[1], pair[0]))


def _query(text: str, chosen: dict[str, str]) -> str:
    kept = {name: value for name, value in {"q": text, **chosen}.items() if value}
    return f"?{urlencode(kept)}" if kept else ""
