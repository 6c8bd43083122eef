"""The code by which somebody rates on their own phone: on a clerk's screen, on the page of a receipt, in print."""

import io

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def rating_code(request: HttpRequest, token: str) -> SafeString:
    """A drawing of the link's address. Who holds it still shows that the service is theirs."""
    drawing = io.BytesIO()
    address = request.build_absolute_uri(reverse("portal:rate_link", args=[token]))
    segno.make(address, error="m").save(
        drawing, kind="svg", xmldecl=False, svgns=False, scale=5, border=2, title=_("评价二维码"), svgclass="qr"
    )
    return mark_safe(drawing.getvalue().decode())  # noqa: S308  (drawn by us from letters of our own)
