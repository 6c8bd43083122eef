"""Bad input meets a sentence that says what to do, in both languages; nothing breaks, nothing typed is lost."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.answers import PDF
from tests.flows.acts import OIL, bring, holder
from tests.people import Cast, accepted, cast, drafted, submitted
from tests.web.portal import signed_in
from tests.web.test_permission import ROUTES, World, make_world
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.cases.models import Case, CaseMessage
from zhengtong.domains.registry.models import Person
from zhengtong.flows import talk
from zhengtong.rules.procedure import State

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('zt')</script>\"><img src=x onerror=alert(1)>"
# What no page may ever hold: the text as markup.
RAW = ("<script>alert('zt')", "<img src=x onerror")
POISONS = {
    "markup": SCRIPT,
    "sql": "'); DROP TABLE cases_case; --",
    "template": "{{ settings.SECRET_KEY }}{% load x %}${7*7}",
    "long": "测" * 10_000,
    "control": "同意\x00\x07。",
    "bidirectional": "同意\u202e录目\u2066。",
    "number": "9" * 5_000,  # more digits than int() takes
    "keyset": f"{'9' * 16}~{'9' * 30}",
    "superscript": "²",  # a digit to str.isdigit, none to int()
    "not-a-number": "NaN",
    "date": "2026-02-30",
    "far-date": "99999-12-31",
    "path": "../../../../etc/passwd\x00.pdf",
    "blank": " \u3000\t ",
}

# Enough for every reader a field may have: text, number, date, choice.
IN_FORMS = ("markup", "long", "control", "number", "superscript", "far-date", "blank")


# --- every field of every form ---


@dataclass(frozen=True)
class Found:
    """A form as it stands on a page: its address, what it would send, and the fields one can type into."""

    action: str
    sent: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]

    def filled(self, poison: str, button: tuple[str, str] | None) -> dict[str, list[str]]:
        data: dict[str, list[str]] = {}
        for name, value in (*self.sent, *((name, poison) for name in self.typed), *([button] if button else [])):
            data.setdefault(name, []).append(value)
        return data


EVERYWHERE = ("/preferences/", "/accounts/logout/", "/accounts/password", "/accounts/email", "/accounts/phone")
TYPED = {"text", "search", "tel", "email", "number", "date", "month", "time", "url", "", "password"}


def forms(page: str, address: str) -> Iterator[Found]:
    for form in lxml.html.fromstring(page).forms:
        action = urlsplit(urljoin(address, form.get("action") or "")).path
        if (form.method or "GET").upper() != "POST" or action.startswith(EVERYWHERE):
            continue
        sent, typed, buttons = [], [], []
        for one in form.xpath(".//input[@name]|.//textarea[@name]|.//select[@name]|.//button[@name]"):
            name, kind = one.get("name"), (one.get("type") or "").lower()
            if one.tag == "button" or kind == "submit":
                buttons.append((name, one.get("value") or ""))
            elif one.tag == "textarea" or (one.tag == "input" and kind in TYPED):
                typed.append(name)
            elif one.tag == "select":
                sent += [(name, o.get("value", "")) for o in one.xpath("./option[@value!='']|./optgroup/option")[:1]]
            elif kind == "hidden" or (kind in ("radio", "checkbox") and name not in dict(sent)):
                sent.append((name, one.get("value") or "on"))
        yield Found(action, tuple(sent), tuple(typed), tuple(buttons))


def text_of(response: Any) -> str:
    html = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    return response.content.decode() if html else ""


def poisoned(client: Client, form: Found, told: list[str]) -> None:
    """One form with every poison and every button. A crash raises here; markup must come back as text."""
    for name in IN_FORMS:
        poison = POISONS[name]
        for button in form.buttons if name == "markup" and form.buttons else [next(iter(form.buttons), None)]:
            cache.clear()
            with transaction.atomic():
                response = client.post(form.action, form.filled(poison, button))
                assert response.status_code < 500, (form.action, name)
                pages = [text_of(response)]
                if response.status_code == 302 and name == "markup":
                    pages.append(text_of(client.get(response["Location"])))  # stored: shown as text as well
                for page in pages:
                    assert not any(raw in page for raw in RAW), (form.action, button)
                told.append(f"{form.action} {name} {response.status_code}")
                transaction.set_rollback(True)


WALKED = ("owner", "window", "head", "administrator", "editor", "checker", "manager")


@pytest.mark.parametrize("who", WALKED)
def test_every_field_of_every_form_takes_anything(who: str) -> None:
    world, told, seen = make_world(), [], set()
    client = world.clients[who]
    for name in ROUTES:
        address = world.address(name)
        cache.clear()
        with transaction.atomic():
            page = client.get(address)
            transaction.set_rollback(True)
        if page.status_code != 200 or not text_of(page):
            continue
        for form in forms(text_of(page), address):
            if (form.action, form.typed) not in seen and form.typed:
                seen.add((form.action, form.typed))
                poisoned(client, form, told)
    assert len(seen) >= 3, who
    assert Case.objects.count() == 3


WORKING = [
    State.SUBMITTED,
    State.PROCESSING,
    State.REVIEWING,
    State.APPROVING,
    State.SUSPENDED,
    State.DECIDED,
    State.FINISHED,
]


@pytest.mark.parametrize("state", WORKING, ids=str)
def test_every_field_of_a_step_takes_anything(state: State) -> None:
    people = cast(OIL)
    case = bring(people, state)
    names = {"张敏", "孙丽"} | ({holder(people, case).name} if case.holder_id else set())
    told: list[str] = []
    for name in sorted(names):
        own = people.officers[name].account
        assert own is not None
        client, address = signed_in(own), reverse("desk:case", args=[case.number])
        for form in forms(text_of(client.get(address)), address):
            if form.typed:
                poisoned(client, form, told)
    assert told


# --- the same, one by one, with the sentence ---


@pytest.fixture
def people() -> Cast:
    return cast()


@dataclass(frozen=True)
class Language:
    name: str
    client: Callable[[Any], Client]


@pytest.fixture(params=["zh", "en"])
def speaks(request: pytest.FixtureRequest) -> Any:
    """A sign-in in the language, and a choice between the two sentences."""
    english = request.param == "en"

    class Speaks:
        @staticmethod
        def client(account: Any) -> Client:
            return signed_in(account, english=english)

        @staticmethod
        def either(chinese: str, in_english: str) -> str:
            return in_english if english else chinese

    return Speaks


def visible(response: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.mark.parametrize(
    ("number", "chinese", "english"),
    [
        ("990101199003071230", "校验", "check"),
        ("990101199013071234", "日期", "date"),
        ("1234", "17 位数字加 1 位校验码", "17 digits"),
    ],
    ids=["check-digit", "birthday", "length"],
)
def test_a_wrong_identity_number(people: Cast, speaks: Any, number: str, chinese: str, english: str) -> None:
    answer = speaks.client(people.stranger).post("/identity/", {"name": "高远", "id_kind": "111", "id_number": number})
    assert answer.status_code == 422
    assert speaks.either(chinese, english) in visible(answer)
    assert f'value="{number}"' in answer.content.decode()
    assert 'value="高远"' in answer.content.decode()
    assert not Person.objects.filter(account=people.stranger).exists()


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("高" * 10_000, "100", "100"),
        ("高\u202e远", "U+202E", "U+202E"),
        ("高\x07远", "U+0007", "U+0007"),
    ],
    ids=["10000-characters", "bidirectional", "control"],
)
def test_a_name_nobody_bears(people: Cast, speaks: Any, name: str, chinese: str, english: str) -> None:
    answer = speaks.client(people.stranger).post(
        "/identity/", {"name": name, "id_kind": "414", "id_number": "E1234567"}
    )
    assert answer.status_code == 422
    assert speaks.either(chinese, english) in visible(answer)
    assert 'value="E1234567"' in answer.content.decode()
    assert not Person.objects.filter(account=people.stranger).exists()


def test_a_message_with_markup_is_stored_as_written_and_shown_as_text(people: Cast) -> None:
    case = accepted(people)
    client = signed_in(people.citizen)
    client.post(reverse("accounts:acting"), {"enterprise": people.enterprise.pk})
    for text in (SCRIPT, POISONS["sql"], POISONS["template"]):
        assert client.post(reverse("portal:say", args=[case.number]), {"text": text}).status_code == 302
        assert CaseMessage.objects.latest("id").text == text
    own = people.officers["李军"].account
    assert own is not None
    for page in (
        client.get(reverse("portal:case", args=[case.number])),
        signed_in(own).get(reverse("desk:case", args=[case.number])),
    ):
        html = page.content.decode()
        assert not any(raw in html for raw in RAW)
        assert "DROP TABLE" in html
        assert "{{ settings.SECRET_KEY }}" in html
    assert Case.objects.count() == 1  # the table is still there


def step(people: Cast, case: Case, client: Client, name: str, **facts: Any) -> Any:
    return client.post(reverse("desk:step", args=[case.number, name]), facts)


def test_an_old_page_says_what_happened_and_keeps_the_opinion(people: Cast, speaks: Any) -> None:
    case = accepted(people)
    own = people.officers["李军"].account
    client, opinion = speaks.client(own), "材料齐全，符合法定条件，建议批准。"
    seen = case.version
    talk.note(case.number, text="申请人来电", by=people.acting("陈静"), at=case.received_at)
    answer = step(people, case, client, "forward", opinion=opinion, to="", seen=seen)
    assert answer.status_code == 409
    assert "陈静" in visible(answer)
    assert opinion in visible(answer)
    case.refresh_from_db()
    assert case.state == "PROCESSING"
    again = step(people, case, client, "forward", opinion=opinion, to="", seen=case.version)
    assert again.status_code == 302


def test_a_double_click_on_a_step_is_one_step(people: Cast) -> None:
    case = accepted(people)
    own = people.officers["李军"].account
    client = signed_in(own)
    first = step(people, case, client, "forward", opinion="同意。", to="", seen=case.version)
    second = step(people, case, client, "forward", opinion="同意。", to="", seen=case.version)
    assert (first.status_code, second.status_code) == (302, 409)
    case.refresh_from_db()
    assert (case.state, case.version) == ("REVIEWING", 3)


@pytest.mark.parametrize("door", ["portal", "desk"])
def test_a_session_that_ended_in_mid_form_loses_nothing(people: Cast, door: str) -> None:
    """Typed, sent while signed out, signed in again, sent on with one press: on both sides of the counter."""
    here = {"origin": "http://testserver"}
    words = "一段写了很久的说明，一个字也不能丢。\n第二行。"
    case = accepted(people)
    if door == "portal":
        who, address, facts = people.citizen, reverse("portal:say", args=[case.number]), {"text": words}
    else:
        who = people.officers["李军"].account
        address = reverse("desk:step", args=[case.number, "note"])
        facts = {"text": words, "seen": str(case.version)}
    client = signed_in(who)
    if door == "portal":
        client.post(reverse("accounts:acting"), {"enterprise": people.enterprise.pk})
    client.get("/")
    session_cookie = client.cookies.pop("zhengtong_session")
    assert session_cookie
    away = client.post(address, facts, headers=here)
    assert away.status_code == 302
    assert away["Location"].startswith("/accounts/login/")
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    waiting = client.get("/kept/").content.decode()
    [form] = [f for f in lxml.html.fromstring(waiting).forms if urlsplit(f.get("action") or "").path == address]
    # As a browser sends it: line breaks of a form travel as CR LF.
    kept = {name: value.replace("\n", "\r\n") for name, value in form.fields.items() if value is not None}
    assert kept[("text")].replace("\r\n", "\n") == words
    assert client.post(address, kept, headers=here).status_code == 302
    if door == "portal":
        assert CaseMessage.objects.get().text == words


# --- files ---


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"\0" * (300 * 1024 * 1024))
    return packed.getvalue()


FILES: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "a program named .pdf": ("执照.pdf", lambda: b"MZ\x90\x00" + b"\0" * 400, "PDF", "PDF"),
    "a program": ("setup.exe", lambda: b"MZ\x90\x00" + b"\0" * 400, "exe", "exe"),
    "a zip bomb": ("合同.docx", bomb, "", ""),
    "too large": ("扫描.pdf", lambda: PDF + b"\0" * (20 * 1024 * 1024), "20", "20"),
    "empty": ("空.pdf", lambda: b"", "", ""),
    "markup as a picture": ("照片.png", SCRIPT.encode, "", ""),
    "a page": ("说明.html", SCRIPT.encode, "html", "html"),
}


@pytest.mark.parametrize("story", FILES)
def test_a_file_that_cannot_be_taken(people: Cast, speaks: Any, story: str) -> None:
    """A sentence beside its material; the draft, its answers and its other files stay as they were."""
    name, content, chinese, english = FILES[story]
    draft = drafted(people)
    client = speaks.client(people.citizen)
    before = Application.objects.filter(pk=draft.pk).values().get()
    material = SubmittedMaterial.objects.filter(application=draft).latest("id")
    files = SubmittedMaterial.objects.count()
    address = reverse("portal:materials", args=[draft.uid])
    file = SimpleUploadedFile(name, content(), content_type="application/pdf")
    answer = client.post(
        address, {"material": material.material_code, "do": "upload", "version": draft.draft_version, "file": file}
    )
    assert answer.status_code == 422
    told = visible(answer)
    assert speaks.either(chinese, english) in told
    assert len(_error(answer)) > 8, "a sentence that says what to do"
    assert bool(re.search(r"[\u4e00-\u9fff]", _error(answer))) is (speaks.either("zh", "en") == "zh")
    assert Application.objects.filter(pk=draft.pk).values().get() == before
    assert SubmittedMaterial.objects.count() == files
    assert material.file_name in answer.content.decode()


def _error(response: Any) -> str:
    """The sentence beside the field, or in the summary above."""
    page = lxml.html.fromstring(response.content.decode())
    found = page.xpath("//*[contains(@class, 'error')]//text()")
    return " ".join(part.strip() for part in found if part.strip())


def test_nothing_was_lost_by_all_that(people: Cast) -> None:
    """A house that has refused all day works on: the next honest application goes through."""
    client = signed_in(people.stranger)
    for poison in POISONS.values():
        client.post("/identity/", {"name": poison, "id_kind": "111", "id_number": poison})
        client.get("/items/", {"q": poison})
        client.post("/track/", {"number": poison, "code": poison})
    assert submitted(people).state == "SUBMITTED"


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_addresses_and_questions_take_anything(people: Cast, poison: str) -> None:
    """Filters, searches, keysets and page numbers in the address: never a crash, never markup."""
    own = people.officers["蒋华"].account
    clerk = people.officers["张敏"].account
    for client, paths in (
        (Client(), ["/items/", "/track/", "/calendar/", "/"]),
        (signed_in(people.citizen), ["/applications/", "/messages/", "/mandates/"]),
        (signed_in(own), ["/desk/", "/desk/files/", "/desk/register/", "/desk/calendar/", "/desk/people/", "/watch/", "/watch/limits/"]),
        (signed_in(clerk), ["/desk/", "/desk/pool/", "/desk/counter/", "/desk/counter/look/"]),
    ):  # fmt: skip
        for path in paths:
            names = ["q", "after", "before", "page", "state", "stage", "lamp", "since", "until", "year", "organ", "item", "topic", "start", "days", "amount", "unit", "on", "channel", "number", "uscc", "id_number", "for", "kind"]  # fmt: skip
            together = dict.fromkeys(names, poison)
            found = {**together, "q": "预付"}  # a search that finds something reads its page mark
            for asked in (
                together,
                found,
                {"after": f"{poison}-{poison}"},
                *({name: poison} for name in ("after", "before", "page", "since", "year")),
            ):
                response = client.get(path, asked)
                assert response.status_code < 500, (path, asked)
                assert not any(raw in text_of(response) for raw in RAW), path


def test_the_world_of_this_file_is_that_of_the_permission_table() -> None:
    world: World = make_world()
    assert set(world.clients) >= set(WALKED)
