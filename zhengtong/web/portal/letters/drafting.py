"""The letter somebody is writing: kept, encrypted, in the session until it is sent or given up. Not a row of the house."""

import json
from dataclasses import asdict, dataclass, field
from secrets import token_hex
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from zhengtong.base.personal import decrypt, encrypt
from zhengtong.rules.letters import LetterKind, Mailbox

KEY = "letter_draft"
KIND, ABOUT, TEXT, ANSWERS, CONTACT, CODE, FILES, CHECK = (
    "kind", "about", "text", "answers", "contact", "code", "files", "check",
)  # fmt: skip
BY_PHONE, BY_ACCOUNT, NAMELESS = "phone", "account", "nameless"
# Who tells nothing about themself may still suggest and praise; anything that asks for an answer needs a way to reach them.
NAMELESS_KINDS = frozenset({LetterKind.SUGGESTION.value, LetterKind.PRAISE.value})


@dataclass
class Draft:
    id: str = field(default_factory=lambda: token_hex(8))
    box: str = Mailbox.WEB.value
    kind: str = ""
    category: str = ""
    organ_code: str = ""
    region: str = ""
    case_no: str = ""
    address: str = ""
    subject_line: str = ""
    text: str = ""
    answers_read: bool = False  # what might answer it was shown, and did not
    way: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    confidential: bool = False
    may_publish: bool = False
    verified: str = ""  # the phone a code was typed for
    files: list[dict[str, str]] = field(default_factory=list)  # sha256, name

    @property
    def must_verify(self) -> bool:
        return self.way == BY_PHONE and self.verified != self.phone

    @property
    def may_be_nameless(self) -> bool:
        return self.kind in NAMELESS_KINDS

    def become(self, kind: str) -> None:
        """Another kind may need a way to reach its author."""
        self.kind = kind
        if self.way == NAMELESS and not self.may_be_nameless:
            self.way = ""


def load(request: HttpRequest) -> Draft | None:
    kept = request.session.get(KEY)
    return Draft(**json.loads(decrypt(kept))) if kept else None


def save(request: HttpRequest, draft: Draft) -> None:
    request.session[KEY] = encrypt(json.dumps(asdict(draft), ensure_ascii=False))


def drop(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def pages(draft: Draft) -> list[str]:
    """The questions of this letter in their order; the code is asked only of a phone not yet shown to be theirs."""
    asked = [KIND, ABOUT, TEXT, ANSWERS, CONTACT, CODE, FILES, CHECK]
    return [page for page in asked if page != CODE or draft.way == BY_PHONE]


def done(draft: Draft, page: str) -> bool:
    return {
        KIND: bool(draft.kind),
        TEXT: bool(draft.text and draft.subject_line),
        CONTACT: bool(draft.way),
        CODE: not draft.must_verify,
    }.get(page, True)


def first_open(draft: Draft) -> str:
    """The first question without an answer; else the last page."""
    return next((page for page in pages(draft) if not done(draft, page)), CHECK)


def url(page: str) -> str:
    return reverse("portal:letter_write", args=[page])


def after(draft: Draft, page: str) -> str:
    asked = pages(draft)
    return url(asked[min(asked.index(page) + 1, len(asked) - 1)])


def before(draft: Draft, page: str) -> str:
    asked = [one for one in pages(draft) if one not in (ANSWERS, CODE) or one == page]
    place = asked.index(page)
    return url(asked[place - 1]) if place else reverse("portal:letters")


def place(draft: Draft, page: str) -> tuple[int, int]:
    """The n-th question of so many, as the writer counts them."""
    asked: list[Any] = [one for one in pages(draft) if one not in (ANSWERS, CODE)]
    shown = TEXT if page == ANSWERS else CONTACT if page == CODE else page
    return asked.index(shown) + 1, len(asked)
