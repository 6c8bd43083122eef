"""A session that is in use does not run out."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

RENEWED = "renewed_at"


class SlidingSession:
    """Renews a session in use, at most once in SESSION_RENEW_AFTER seconds.

    SESSION_SAVE_EVERY_REQUEST would do it with one write to the database for every page shown.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        # An unread session is left unread: a page for nobody costs no query here.
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get(RENEWED, 0) >= settings.SESSION_RENEW_AFTER:
                session[RENEWED] = now
        return response
