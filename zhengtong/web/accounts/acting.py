"""Who acts: turns the signed-in account into the `Acting` that flows and actions ask for. All doors use it.

`citizen_door` and `officer_door` stand on views; inside, `request.acting` is the person. A chosen enterprise is checked
again on every request: a mandate may have ended since.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from zhengtong.base.permission import Acting
from zhengtong.domains.registry import queries
from zhengtong.rules.roles import Ability
from zhengtong.web.frame.context import ACTING_ENTERPRISE, ACTING_ENTERPRISE_NAME

P = ParamSpec("P")


class ActingRequest(HttpRequest):
    """A request behind one of the two doors."""

    acting: Acting


View = Callable[Concatenate[ActingRequest, P], HttpResponseBase]
Plain = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def citizen_acting(request: HttpRequest) -> Acting:
    """The person, or the enterprise they chose to act for. A mandate that has ended falls back to the person."""
    mine = queries.enterprises_of(_pk(request), timezone.localdate())
    enterprise = None
    if (chosen := request.session.get(ACTING_ENTERPRISE)) is not None:
        enterprise = next((one for one in mine if one.pk == int(chosen)), None)
        if enterprise is None:
            drop_enterprise(request)
    return queries.applicant_acting(cast("Any", request.user), enterprise, mine)


def officer_acting(request: HttpRequest) -> Acting | None:
    """None for who is no officer, or has left."""
    if getattr(request.user, "kind", "") != "officer":
        return None
    return queries.officer_acting(_pk(request), timezone.localdate())


def citizen_door(view: View[P]) -> Plain[P]:
    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        inside = cast("ActingRequest", request)
        inside.acting = citizen_acting(request)
        return view(inside, *args, **kwargs)

    return door


def officer_door(*abilities: Ability) -> Callable[[View[P]], Plain[P]]:
    """`@officer_door()` for any officer, `@officer_door(Ability.TAKE_IN)` for one of these abilities."""

    def around(view: View[P]) -> Plain[P]:
        @wraps(view)
        def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            acting = officer_acting(request)
            if acting is None:
                raise PermissionDenied
            if request.user.first_password:
                return redirect("account_change_password")
            if abilities:
                acting.check(*abilities)
            inside = cast("ActingRequest", request)
            inside.acting = acting
            return view(inside, *args, **kwargs)

        return door

    return around


def choose_enterprise(request: HttpRequest, enterprise_id: int) -> None:
    """Raises Refusal(MANDATE_MISSING) for an enterprise this account may not act for."""
    enterprise = queries.enterprise_for(_pk(request), enterprise_id, timezone.localdate())
    request.session[ACTING_ENTERPRISE] = enterprise.pk
    request.session[ACTING_ENTERPRISE_NAME] = enterprise.name


def act_for(request: ActingRequest, enterprise_id: int) -> None:
    """What one opens in an enterprise's name, one goes on with in its name. Raises Refusal(MANDATE_MISSING)."""
    if request.acting.enterprise_id != enterprise_id:
        choose_enterprise(request, enterprise_id)
        request.acting = citizen_acting(request)


def drop_enterprise(request: HttpRequest) -> None:
    request.session.pop(ACTING_ENTERPRISE, None)
    request.session.pop(ACTING_ENTERPRISE_NAME, None)


def _pk(request: HttpRequest) -> int:
    return int(cast("Any", request.user).pk)
