"""反映工作人员问题: one page, no account, nothing in the session, the address bar or the browser's history but the entrance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.letters import queries as letters
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.frame.uploaded import stored_all
from zhengtong.web.portal.letters import forms, slowly
from zhengtong.web.portal.letters.write import GUEST, HOUR, LETTERS_AN_ADDRESS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tip(request: HttpRequest) -> HttpResponse:
    form = forms.Tip(request.POST if request.method == "POST" else None)
    form.use_required_attribute = False
    status = 422
    if form.is_valid():
        if slowly.spent("letters", slowly.address_of(request), LETTERS_AN_ADDRESS):
            form.add_error(None, _("试得太多了。请一小时后再试，或直接向纪检监察机关反映。"))
            status = 429
        else:
            with refused_on(form):
                return _quiet(_taken(request, form))
    return _quiet(render(request, "portal/letters/tip.html", {"form": form}, status=status if form.errors else 200))


def _taken(request: HttpRequest, form: forms.Tip) -> HttpResponse:
    """Whoever is signed in here: the letter does not name their account."""
    at = timezone.now()
    files = stored_all(request.FILES.getlist("files"), at)
    letter = receive(
        kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line=form.cleaned_data["subject_line"],
        text=form.cleaned_data["text"], phone=form.cleaned_data["phone"], confidential=True, files=files, by=GUEST, at=at,
    )  # fmt: skip
    slowly.count("letters", slowly.address_of(request), HOUR)
    return render(request, "portal/letters/tip_sent.html", {"number": letter.number, "code": letters.code_of(letter)})


def _quiet(response: HttpResponse) -> HttpResponse:
    """Not "no-referrer": with it a browser says `Origin: null` when it sends the form, and the form is refused. No other
    house is told of this page anyway (SECURE_REFERRER_POLICY)."""
    response["Cache-Control"] = "no-store"
    return response
