"""电话查询: a caller keys in case number and query code and hears how far the case is (VoiceXML 2.1, no session).

Says nothing that the tracking page would not show: no name, no phone, no materials. Every document stands alone; what a
call has tried so far travels in its form, and what a number has been tried is counted here.
"""

from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.keys import query_code
from zhengtong.domains.cases import queries as cases
from zhengtong.rules.keypad import case_no_of_keys, keyed
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.dates import day_words
from zhengtong.web.portal.cases.case import standing

VXML = "http://www.w3.org/2001/vxml"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TONGUES = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-US")}
MEDIA = "application/voicexml+xml; charset=utf-8"
MOST_TRIES = 3  # of one call
# Every call comes through one gateway: what is guarded is the number, and the caller as far as the gateway names one.
WINDOW, MOST_BY_NUMBER, MOST_BY_CALLER, MOST_BY_GATEWAY = 10 * 60, 10, 20, 600
KEYS_OF_NUMBER, KEYS_OF_CODE = "digits?minlength=21;maxlength=22", "digits?length=8"


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Which language: the caller has pressed nothing yet."""
    with translation.override(TONGUES["zh"][0]):
        root, form = _document("zh", "language")
        field = _field(form, "lang")
        _say(field, "欢迎使用政务服务电话查询。普通话请按1。")
        _say(field, "For English, press 2.", "en")
        for key, tongue, word in (("1", "zh", "普通话"), ("2", "en", "English")):
            option = SubElement(field, "option", {"dtmf": key, "value": tongue})
            option.text = word
        _retries(field, "没有听到按键。", "请按1或者2。")
        filled = SubElement(field, "filled")
        address = reverse("devices:telephone_ask")
        SubElement(filled, "submit", {"next": address, "method": "get", "namelist": "lang"})
    return _answer(root)


@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    return _asked(_tongue(request.GET.get("lang", "")))


@csrf_exempt  # a voice gateway has no cookie; it changes nothing here and shows what number and code together open
@never_cache
@require_http_methods(["POST"])
def answer(request: HttpRequest) -> HttpResponse:
    tongue = _tongue(request.POST.get("lang", ""))
    tried = _tried(request)
    number = case_no_of_keys(request.POST.get("number", "")[:40])
    with translation.override(TONGUES[tongue][0]):
        if _spent(request, number):
            # Not a 429: the gateway would drop it, and the caller would hear nothing.
            return _goodbye(tongue, _("查询次数太多了，请十分钟后再拨，或拨打12345。"))
        case = _case(number, request.POST.get("code", "")[:20])
        if case is None:
            _count(request, number)
            if tried + 1 >= MOST_TRIES:
                return _goodbye(tongue, _("编号或查询码不对。请看收件凭证，或拨打12345，由工作人员帮您查。"))
            return _asked(tongue, tried + 1, _("编号或查询码不对，请再输入一次。"))
        return _told(tongue, case)


def _case(number: str, keys: str) -> Any:
    """The case, if the keys are those of its query code."""
    if not number or keys != keyed(query_code(number)):
        return None
    try:
        return cases.case_by_slip(number, query_code(number))
    except Refusal as refusal:
        if refusal.code is not RefusalCode.SLIP_UNKNOWN:
            raise
        return None


# --- the three documents ---


def _asked(tongue: str, tried: int = 0, first: str = "") -> HttpResponse:
    with translation.override(TONGUES[tongue][0]):
        root, form = _document(tongue, "slip")
        SubElement(form, "var", {"name": "lang", "expr": f"'{tongue}'"})
        SubElement(form, "var", {"name": "tried", "expr": f"'{tried}'"})
        # Which caller, where the gateway says so; empty else.
        caller = "session.connection && session.connection.remote ? session.connection.remote.uri : ''"
        SubElement(form, "var", {"name": "caller", "expr": caller})
        if first:
            block = SubElement(form, "block")
            _say(block, first)
        number = _field(form, "number", KEYS_OF_NUMBER)
        _say(number, _("请输入办件编号的前21位数字，按井号键结束。"))
        _retries(number, _("没有听到按键。"), _("办件编号是21位数字，在收件凭证上。"))
        code = _field(form, "code", KEYS_OF_CODE)
        _say(code, _("请输入8位查询码。字母按它所在的数字键，比如，A、B、C按2。"))
        _retries(code, _("没有听到按键。"), _("查询码是8位，在办件编号下面。"))
        filled = SubElement(form, "filled", {"mode": "all", "namelist": "number code"})
        address = reverse("devices:telephone_answer")
        SubElement(filled, "submit", {"next": address, "method": "post", "namelist": "lang tried caller number code"})
        return _answer(root)


def _told(tongue: str, case: Any) -> HttpResponse:
    """State and date, then once more, another one, or the end."""
    told = standing(case, own=False)
    item = told["item"]
    root, form = _document(tongue, "told")
    field = _field(form, "then")
    prompt = SubElement(field, "prompt")
    english = tongue == "en" and bool(item.document["name_en"])
    name = item.document["name_en"] if english else case.item_name
    _sentence(prompt, _("您查询的事项是："))
    _sentence(prompt, f"{name}。" if tongue == "zh" else f"{name}.", "en" if english else "zh")
    _sentence(prompt, _("现在的状态是：%(state)s。") % {"state": told["state"]})
    if case.due_on is not None and case.finished_at is None:
        _sentence(prompt, _("应当在%(due)s以前办到下一步。") % {"due": day_words(case.due_on)})
    _sentence(prompt, _("再听一遍请按1，查询另一件请按2，结束请挂机。"))
    for key, value, word in (("1", "again", _("再听一遍")), ("2", "other", _("查询另一件"))):
        option = SubElement(field, "option", {"dtmf": key, "value": value})
        option.text = word
    noinput = SubElement(field, "noinput")
    _say(noinput, _("感谢来电，再见。"))
    SubElement(noinput, "exit")
    _nomatch(field, _("请按1或者2，或者挂机。"))
    filled = SubElement(field, "filled")
    other = SubElement(filled, "if", {"cond": "then == 'other'"})
    SubElement(other, "goto", {"next": f"{reverse('devices:telephone_ask')}?lang={tongue}"})
    SubElement(other, "else")
    SubElement(other, "clear", {"namelist": "then"})
    return _answer(root)


def _goodbye(tongue: str, said: str) -> HttpResponse:
    root, form = _document(tongue, "end")
    block = SubElement(form, "block")
    _say(block, said)
    SubElement(block, "exit")
    return _answer(root)


# --- pieces ---


def _document(tongue: str, form_id: str) -> tuple[Element, Element]:
    root = Element("vxml", {"version": "2.1", "xmlns": VXML, XML_LANG: TONGUES[tongue][1]})
    for name, value in (("inputmodes", "dtmf"), ("termchar", "#"), ("interdigittimeout", "5s"), ("timeout", "8s")):
        SubElement(root, "property", {"name": name, "value": value})
    # What the house cannot help: the line says so and ends, and no caller is left in silence.
    fault = SubElement(root, "catch", {"event": "error"})
    with translation.override(TONGUES[tongue][0]):
        _say(fault, _("系统忙，请稍后再拨，或拨打12345。"))
    SubElement(fault, "exit")
    return root, SubElement(root, "form", {"id": form_id})


def _field(form: Element, name: str, kind: str = "") -> Element:
    return SubElement(form, "field", {"name": name, **({"type": kind} if kind else {})})


def _say(where: Element, words: str, tongue: str = "") -> None:
    prompt = SubElement(where, "prompt", {XML_LANG: TONGUES[tongue][1]} if tongue else {})
    prompt.text = words


def _sentence(prompt: Element, words: str, tongue: str = "") -> None:
    sentence = SubElement(prompt, "s", {XML_LANG: TONGUES[tongue][1]} if tongue else {})
    sentence.text = words


def _retries(field: Element, silent: str, wrong: str) -> None:
    """Twice more on silence and on wrong keys, then a kind end."""
    noinput = SubElement(field, "noinput")
    _say(noinput, silent)
    SubElement(noinput, "reprompt")
    _nomatch(field, wrong)
    for event in ("noinput", "nomatch"):
        last = SubElement(field, event, {"count": "3"})
        _say(last, _("请准备好收件凭证再拨，或拨打12345。再见。"))
        SubElement(last, "exit")


def _nomatch(field: Element, wrong: str) -> None:
    nomatch = SubElement(field, "nomatch")
    _say(nomatch, wrong)
    SubElement(nomatch, "reprompt")


def _answer(root: Element) -> HttpResponse:
    return HttpResponse(tostring(root, encoding="utf-8", xml_declaration=True), content_type=MEDIA)


# --- what a caller may try ---


def _tongue(text: str) -> str:
    return text if text in TONGUES else "zh"


def _tried(request: HttpRequest) -> int:
    text = request.POST.get("tried", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0


def _keys(request: HttpRequest, number: str) -> list[tuple[str, int]]:
    caller = "".join(c for c in request.POST.get("caller", "")[:60] if c.isascii() and c.isalnum())
    keys = [(f"telephone:from:{request.META.get('REMOTE_ADDR', '')}", MOST_BY_GATEWAY)]
    if number:
        keys.append((f"telephone:number:{number}", MOST_BY_NUMBER))
    if caller:
        keys.append((f"telephone:caller:{caller}", MOST_BY_CALLER))
    return keys


def _spent(request: HttpRequest, number: str) -> bool:
    return any(cache.get(key, 0) >= most for key, most in _keys(request, number))


def _count(request: HttpRequest, number: str) -> None:
    for key, _most in _keys(request, number):
        if not cache.add(key, 1, WINDOW):
            with suppress(ValueError):  # it ran out between the two lines: nothing is left to count on
                cache.incr(key)
