"""写信: one question a page, back loses nothing; what may already answer it is shown before it is sent."""

from datetime import datetime
from secrets import randbelow
from typing import Any, cast

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.base.files.store import open_file, store
from zhengtong.base.outbox import actions as outbox
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.knowledge import queries as knowledge
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.letter_received import receive
from zhengtong.rules.file_kinds import ACCEPT
from zhengtong.rules.letters import LetterKind, Mailbox
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import citizen_acting
from zhengtong.web.accounts.adapter import masked_address
from zhengtong.web.accounts.letters import letter as account_letter
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.knowledge.views import rows as article_rows
from zhengtong.web.portal.letters import drafting, forms, slips, slowly, words
from zhengtong.web.portal.letters.drafting import ABOUT, ANSWERS, CHECK, CODE, CONTACT, FILES, KIND, TEXT, Draft

GUEST = Acting(kind=ActorKind.APPLICANT, id=None, name="来信人")
MOST_FILES = 5
CODE_KEY, CODE_SECONDS, CODE_TRIES = "letter_code", 10 * 60, 5
CODES_A_PHONE, CODES_AN_ADDRESS, LETTERS_AN_ADDRESS, HOUR = 3, 30, 60, 60 * 60


def acting(request: HttpRequest) -> Acting:
    """The signed-in citizen; anybody else, an officer too, writes as a guest."""
    if request.user.is_authenticated and getattr(request.user, "kind", "") != "officer":
        return citizen_acting(request)
    return GUEST


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """?box=, ?kind= and ?case= choose the entrance, whatever the letter begun came in by; its words are kept."""
    draft = drafting.load(request) or Draft()
    box, kind = request.GET.get("box", ""), request.GET.get("kind", "")
    if kind in words.KINDS:
        draft.become(kind)
        draft.box = Mailbox.WEB.value
    if box in words.BOXES:
        draft.box = box
    if box == Mailbox.SUGGESTIONS.value and not draft.kind:
        draft.kind = LetterKind.SUGGESTION.value
    draft.case_no = request.GET.get("case", "").replace("\x00", "")[:40] or draft.case_no
    drafting.save(request, draft)
    return redirect(drafting.url(ABOUT if draft.kind and kind else KIND))


@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    drafting.drop(request)
    return redirect("portal:letters")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, page: str) -> HttpResponse:
    draft = drafting.load(request)
    if page not in PAGES:
        raise Http404
    if draft is None:
        pressed_twice = request.method == "POST" and page == CHECK and slips.newest(request)
        return redirect("portal:letter_sent", slips.newest(request)) if pressed_twice else redirect("portal:letters")
    asked = drafting.pages(draft)
    ready = drafting.first_open(draft)
    if page not in asked or asked.index(page) > asked.index(ready):
        return redirect(drafting.url(ready))
    return PAGES[page](request, draft)


def _asked(
    request: HttpRequest, draft: Draft, page: str, form: Any = None, status: int = 200, **more: Any
) -> HttpResponse:
    number, total = drafting.place(draft, page)
    context = {
        "draft": draft, "form": form, "page_name": page, "number": number, "total": total,
        "previous": drafting.before(draft, page), "box": words.BOXES.get(draft.box, ""),
    }  # fmt: skip
    if form is not None and form.errors and status == 200:
        status = 422
    return render(request, f"portal/letters/{page}.html", context | more, status=status)


def _filled(request: HttpRequest, form_class: Any, draft: Draft, /, **more: Any) -> Any:
    initial = {name: getattr(draft, name) for name in form_class.base_fields if hasattr(draft, name)}
    form = form_class(request.POST if request.method == "POST" else None, initial=initial, **more)
    form.use_required_attribute = False
    return form


def _keep(request: HttpRequest, draft: Draft, page: str, values: dict[str, Any]) -> HttpResponse:
    for name, value in values.items():
        setattr(draft, name, value)
    drafting.save(request, draft)
    return redirect(drafting.after(draft, page))


def _kind(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = _filled(request, forms.Kind, draft)
    if form.is_valid():
        draft.become(form.cleaned_data["kind"])
        return _keep(request, draft, KIND, {})
    return _asked(request, draft, KIND, form, hints=words.HINTS)


def _about(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = _filled(request, forms.About, draft)
    if form.is_valid():
        values = {name: value.strip() for name, value in form.cleaned_data.items()}
        return _keep(request, draft, ABOUT, values | {"case_no": values["case_no"].upper()})
    return _asked(request, draft, ABOUT, form)


def _text(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = _filled(request, forms.Text, draft)
    if form.is_valid():
        if form.cleaned_data["text"] != draft.text:
            draft.answers_read = False
        return _keep(request, draft, TEXT, form.cleaned_data)
    return _asked(request, draft, TEXT, form)


def _answers(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Did one of these answer you? Shown once for a text, and not at all when nothing fits."""
    if request.method == "POST":
        if request.POST.get("answered") == "yes":
            drafting.drop(request)
            return render(request, "portal/letters/answered.html")
        return _keep(request, draft, ANSWERS, {"answers_read": True})
    text = f"{draft.subject_line} {draft.text}"
    found = knowledge.suggest(text)
    typical = letters.similar(text, limit=3)
    if not found and not typical:
        return redirect(drafting.after(draft, ANSWERS))
    if draft.answers_read and request.GET.get("again") is None:
        return redirect(drafting.after(draft, ANSWERS))
    return _asked(request, draft, ANSWERS, suggested=article_rows(found), typical=typical)


def _contact(request: HttpRequest, draft: Draft) -> HttpResponse:
    signed_in = acting(request) is not GUEST
    form = _filled(request, forms.Contact, draft, draft=draft, signed_in=signed_in)
    if request.method != "POST" and signed_in and not draft.way:
        form.initial |= {"way": drafting.BY_ACCOUNT, "name": acting(request).name}
    if form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(draft, name, value)
        if draft.must_verify and not _send_code(request, draft):
            form.add_error("phone", _("发得太多了。请一小时后再试，或拨打 12345。"))
            return _asked(request, draft, CONTACT, form, status=429)
        drafting.save(request, draft)
        return redirect(drafting.url(CODE) if draft.must_verify else drafting.url(FILES))
    hides = LetterKind(draft.kind) is LetterKind.REPORT
    return _asked(request, draft, CONTACT, form, signed_in=signed_in, always_hidden=hides)


def _send_code(request: HttpRequest, draft: Draft) -> bool:
    """Six digits by SMS, through the outbox; the session keeps their hash. False: too many were asked for."""
    address = slowly.address_of(request)
    if slowly.spent("letter-code-phone", draft.phone, CODES_A_PHONE) or slowly.spent(
        "letter-code-address", address, CODES_AN_ADDRESS
    ):
        return False
    slowly.count("letter-code-phone", draft.phone, HOUR)
    slowly.count("letter-code-address", address, HOUR)
    code, now = f"{randbelow(1_000_000):06d}", timezone.now()
    title, text = account_letter("account/sms/code", {"code": code})
    outbox.queue(
        outbox.message(
            "account.sms.code", key=f"letter-code:{draft.id}:{now.timestamp()}", at=now, channel="sms",
            address=draft.phone, payload={"title": title, "text": text},
        )
    )  # fmt: skip
    request.session[CODE_KEY] = {
        "hash": lookup_hash(f"{draft.phone}:{code}"), "until": now.timestamp() + CODE_SECONDS, "tries": CODE_TRIES,
    }  # fmt: skip
    return True


def _code(request: HttpRequest, draft: Draft) -> HttpResponse:
    if not draft.must_verify:
        return redirect(drafting.url(FILES))
    if request.POST.get("do") == "again":
        sent = _send_code(request, draft)
        return _asked(
            request, draft, CODE, forms.Code(), masked=masked_address(draft.phone), again=sent, spent=not sent
        )
    form = _filled(request, forms.Code, draft)
    if form.is_valid():
        if _right_code(request, draft.phone, form.cleaned_data["code"].strip()):
            request.session.pop(CODE_KEY, None)
            return _keep(request, draft, CODE, {"verified": draft.phone})
        form.add_error("code", _("数字不对或已过期。请核对最近一条短信，或重新发送。"))
    return _asked(request, draft, CODE, form, masked=masked_address(draft.phone))


def _right_code(request: HttpRequest, phone: str, typed: str) -> bool:
    kept = request.session.get(CODE_KEY)
    if not kept or kept["tries"] <= 0 or kept["until"] < timezone.now().timestamp():
        return False
    request.session[CODE_KEY] = kept | {"tries": kept["tries"] - 1}
    return bool(kept["hash"] == lookup_hash(f"{phone}:{typed}"))


def _files(request: HttpRequest, draft: Draft) -> HttpResponse:
    error: Any = ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do.startswith("remove."):
            draft.files = [one for one in draft.files if one["sha256"] != do.removeprefix("remove.")]
            return _here(request, draft, FILES)
        try:
            added = _stored(request, draft)
        except Refusal as refusal:
            error = sentence_html(refusal)
        else:
            return _here(request, draft, FILES) if added and do == "upload" else _keep(request, draft, FILES, {})
    return _asked(
        request, draft, FILES, error=error, accept=ACCEPT, most=MOST_FILES, status=422 if error else 200
    )  # fmt: skip


def _here(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    drafting.save(request, draft)
    return redirect(drafting.url(page))


def _stored(request: HttpRequest, draft: Draft) -> bool:
    given = request.FILES.getlist("files")
    if len(draft.files) + len(given) > MOST_FILES:
        raise Refusal(RefusalCode.FORM_TOO_MANY_ROWS, section="files", most=MOST_FILES)
    for file in given:
        kept = store(file, file.name or "", at=timezone.now())
        if all(one["sha256"] != kept.sha256 for one in draft.files):
            draft.files.append({"sha256": kept.sha256, "name": (file.name or "")[:120]})
    drafting.save(request, draft)
    return bool(given)


def _check(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = forms.forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if slowly.spent("letters", slowly.address_of(request), LETTERS_AN_ADDRESS):
            return _asked(request, draft, CHECK, form, **_summary(draft), spent=True, status=429)
        with refused_on(form):
            return _send(request, draft, timezone.now())
    return _asked(request, draft, CHECK, form, **_summary(draft))


def _summary(draft: Draft) -> dict[str, Any]:
    tree = {one.code: one for one in letters.categories()} if draft.category else {}
    return {
        "kind": words.KINDS[draft.kind],
        "category": tree.get(draft.category),
        "organ": registry.organ_by_code(draft.organ_code) if draft.organ_code else None,
        "region": letters.region_for(draft.region),
    }


def _send(request: HttpRequest, draft: Draft, at: datetime) -> HttpResponse:
    by = acting(request)
    mine = draft.way == drafting.BY_ACCOUNT and by is not GUEST
    files = []
    for one in draft.files:
        with open_file(one["sha256"]) as stream:
            files.append((store(cast("Any", stream), one["name"], at=at), one["name"]))
    try:
        letter = receive(
            kind=LetterKind(draft.kind), channel=Mailbox(draft.box), subject_line=draft.subject_line, text=draft.text,
            category=draft.category, region=draft.region, organ_code=draft.organ_code, case_no=draft.case_no, address=draft.address,
            name=draft.name, phone=draft.phone, email=draft.email, account_id=by.id if mine else None,
            language="" if mine else (get_language() or ""), confidential=draft.confidential,
            may_publish=draft.may_publish, external_key=f"web:{draft.id}", files=files, by=by if mine else GUEST, at=at,
        )  # fmt: skip
    except (IntegrityError, Refusal) as fault:  # pressed twice: the first is in the house already
        before = letters.received_as(f"web:{draft.id}")
        if before is None or (isinstance(fault, Refusal) and fault.code is not RefusalCode.LETTER_TICKET_KNOWN):
            raise
        letter = before
    else:
        slowly.count("letters", slowly.address_of(request), HOUR)
    drafting.drop(request)
    slips.remember(request, letter.number, letters.code_of(letter))
    return redirect("portal:letter_sent", letter.number)


PAGES = {
    KIND: _kind, ABOUT: _about, TEXT: _text, ANSWERS: _answers, CONTACT: _contact, CODE: _code, FILES: _files,
    CHECK: _check,
}  # fmt: skip
