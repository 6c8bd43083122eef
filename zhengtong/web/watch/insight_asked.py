"""What an address of 流程洞察 asks for: item, organ, period, view; codes that name nothing of the reader's are no page."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404
from django.urls import reverse

from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Choice, Read, Scope
from zhengtong.rules.process_map import View
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.whole import whole
from zhengtong.web.watch.board import own_organs

SEE, READ = Ability.SEE_ALL, Ability.READ_REPORTS
SHARES = (0, 1, 2, 5, 10, 20)
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A code that names nothing of what this person reads is no page."""

    scope: Scope
    item: Choice | None
    organ: Choice | None
    items: list[Choice]
    organs: list[Choice]
    view: View
    share: int
    rank: str
    whole: bool
    address: dict[str, str]

    @cached_property
    def read(self) -> Read:
        return queries.read(self.scope, whole=self.whole)

    def link(self, route: str, *args: str, **more: str) -> str:
        return f"{reverse(route, args=args)}?{urlencode({**self.address, **more})}"

    def figure(self, figure: str) -> str:
        return self.link("watch:insight_cases", figure=figure)


def asked_of(request: ActingRequest) -> Asked:
    mine = own_organs(request.acting)
    organs, items = _choices(None if mine is None else frozenset(mine))
    item, organ = _one(request, "item", items), _one(request, "organ", organs)
    if item is None and organ is None and items and not request.GET.get("all"):
        item = items[0]
    since, until = reading.day(request.GET.get("since")), reading.day(request.GET.get("until"))
    share = whole(request.GET.get("share"))
    asked = {
        "item": item.code if item else "",
        "organ": organ.code if organ else "",
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "view": "stage" if request.GET.get("view") == "stage" else "activity",
        "share": str(share if share in SHARES else 5),
        "rank": "median" if request.GET.get("rank") == "median" else "total",
        "whole": "1" if request.GET.get("whole") == "1" else "",
    }
    return Asked(
        scope=Scope(item.pk if item else None, _organ_ids(mine, organ), since, until),
        item=item, organ=organ, items=items, organs=organs,
        view="stage" if asked["view"] == "stage" else "activity",
        share=int(asked["share"]), rank=asked["rank"], whole=bool(asked["whole"]),
        address={name: value for name, value in asked.items() if value},
    )  # fmt: skip


def _organ_ids(mine: set[int] | None, organ: Choice | None) -> frozenset[int] | None:
    if organ is not None:
        return frozenset({organ.pk})
    return None if mine is None else frozenset(mine)


def _choices(mine: frozenset[int] | None) -> tuple[list[Choice], list[Choice]]:
    """(organs, items) with cases. Counting a million cases takes a moment, and the lists change slowly."""
    key = f"zhengtong.watch.insight.{'all' if mine is None else '-'.join(map(str, sorted(mine)))}"
    kept: tuple[list[Choice], list[Choice]] | None = cache.get(key)
    if kept is None:
        kept = (queries.organs_with_cases(mine), queries.items_with_cases(mine))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _one(request: ActingRequest, parameter: str, choices: list[Choice]) -> Choice | None:
    code = request.GET.get(parameter, "")
    found = next((one for one in choices if one.code == code), None)
    if code and found is None:
        raise Http404
    return found
