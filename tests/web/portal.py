"""The cast at the public doors: signed-in browsers, a draft half filled, pages asked by name."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.people import Cast
from zhengtong.domains.registry.models import Account


def signed_in(account: Account, *, english: bool = False) -> Client:
    client = Client(headers={"accept-language": "en" if english else "zh-hans"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def as_enterprise(people: Cast) -> Client:
    client = signed_in(people.citizen)
    client.post(reverse("accounts:acting"), {"enterprise": people.enterprise.pk})
    return client


def text(response: Any) -> str:
    return response.content.decode() if hasattr(response, "content") else b"".join(response).decode("latin-1")


HAN = re.compile(r"[\u3400-\u9fff]")
VOID = {"meta", "link", "input", "br", "hr", "img", "progress", "col", "wbr"}
SPOKEN = {"aria-label", "placeholder", "title", "alt", "content"}
# Words for scripts stand on every page; and the seal's character in the brand is a picture.
APART = {"zt-words"}


class _Marks(HTMLParser):
    """Collects Chinese text and spoken attributes that stand outside lang="zh-Hans"."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        marked = own.get("lang") == "zh-Hans" or own.get("id") in APART or own.get("aria-hidden") == "true"
        inside = marked or bool(self.stack and self.stack[-1][1] and own.get("lang") != "en")
        if not inside:
            self.found += [
                f"{tag} {name}={value}" for name, value in attrs if name in SPOKEN and value and HAN.search(value)
            ]
        if tag not in VOID:
            self.stack.append((tag, inside))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if HAN.search(data) and not (self.stack and (self.stack[-1][1] or self.stack[-1][0] in {"script", "style"})):
            self.found.append(data.strip())


def chinese_outside_marks(html: str) -> list[str]:
    """Chinese text of an English page that does not say it is Chinese; but the way back to Chinese."""
    marks = _Marks()
    marks.feed(html)
    return [one for one in marks.found if one != "中文"]
