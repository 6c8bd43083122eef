"""E-mail over SMTP: plain text and a plain page of it, in the receiver's language, with a way to stop it."""

import contextlib
import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.html import format_html, format_html_join

from zhengtong.base.outbox.channels import Outgoing, Provider, Receipt, Result
from zhengtong.exchange.addresses import Unusable, usable, whole
from zhengtong.rules.messaging_delivery import Outcome

STOP_SALT = "zhengtong.messages.stop"
FIRST = "smtp"
ALL_MOST = 60.0  # seconds a batch may take; what is left then waits


def providers() -> Sequence[Provider]:
    """The server of SMTP_HOST, then those of MAIL_PROVIDERS. Django's own backend, so that tests see the letters."""
    first = [Smtp(FIRST)] if settings.OUTBOX_MAIL else []
    return [*first, *usable(settings.MAIL_PROVIDERS, _from_address, taken=[one.name for one in first])[0]]


def unusable() -> list[Unusable]:
    return usable(settings.MAIL_PROVIDERS, _from_address, taken=[FIRST] if settings.OUTBOX_MAIL else [])[1]


@cache
def _from_address(address: str) -> "Smtp":
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("ZHENGTONG_MAIL_PROVIDERS holds addresses like smtp://name:password@host:587?tls=1")
    server = {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": options.get("tls") == "1",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 10,
    }
    return Smtp(options.get("name") or f"smtp:{parts.hostname}", server, rate=whole(options, "rate", 0))


def stop_token(account_id: int, kind: str) -> str:
    """Signed, so that nobody silences another; read by the portal's preferences."""
    return signing.dumps([account_id, kind], salt=STOP_SALT, compress=True)


@dataclass
class Smtp:
    """One mail server. A letter counts as sent when the server took it; what happens beyond it is told by no receipt."""

    name: str
    server: dict[str, Any] | None = None
    rate: int = 0
    batch: int = 100
    slow_after: float = 5.0
    breaks: bool = True
    receipts_follow: bool = False

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        began = time.monotonic()
        backend = "django.core.mail.backends.smtp.EmailBackend" if self.server else None
        connection = get_connection(backend, **(self.server or {}))
        results: list[Result] = []
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as fault:
            return [Result(one.id, Outcome.UNSENT, detail=_said(fault)) for one in messages]
        gone = ""
        for one in messages:
            spent = time.monotonic() - began
            if gone or spent > ALL_MOST:
                results.append(Result(one.id, Outcome.UNSENT, detail=gone))
                continue
            outcome, detail = _send(connection, one)
            results.append(Result(one.id, outcome, detail=detail, seconds=time.monotonic() - began))
            gone = detail if outcome is Outcome.NO_ANSWER else ""
        with contextlib.suppress(smtplib.SMTPException, OSError):  # every letter has had its answer
            connection.close()
        return results

    def receipts(self) -> list[Receipt]:
        return []

    def confirm(self, receipts: Sequence[Receipt]) -> None:
        """No receipts, nothing to confirm."""


def _send(connection: Any, message: Outgoing) -> tuple[Outcome, str]:
    try:
        connection.send_messages([letter(message)])
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        outcome = Outcome.REFUSED if all(500 <= code < 600 for code in codes) else Outcome.FAILED
        return outcome, f"SMTP {codes[0] if codes else ''}"
    except smtplib.SMTPServerDisconnected as fault:
        return Outcome.NO_ANSWER, _said(fault)
    except smtplib.SMTPResponseException as fault:
        return Outcome.FAILED, f"SMTP {fault.smtp_code}"
    except smtplib.SMTPException as fault:
        return Outcome.FAILED, _said(fault)
    except OSError as fault:
        return Outcome.NO_ANSWER, _said(fault)
    except ValueError as fault:  # a line break in an address or title
        return Outcome.REFUSED, _said(fault)
    return Outcome.ACCEPTED, ""


def _said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:300]


def letter(message: Outgoing) -> EmailMultiAlternatives:
    """Plain text with the same as a page. The key as Message-ID lets a mailbox know a doubled letter."""
    language = str(message.payload.get("language") or "zh-hans")
    language = "en" if language.startswith("en") else "zh-Hans"
    link = str(message.payload.get("link") or "")
    headers = {
        "Message-ID": f"<{message.key.replace(':', '.').replace(' ', '')}@{_host()}>",
        "Content-Language": language,
    }
    headers["Auto-Submitted"] = "auto-generated"
    stop = ""
    if message.account_id is not None and message.payload.get("may_stop"):
        stop = f"{settings.PUBLIC_URL}/messages/stop/{stop_token(message.account_id, message.kind)}/"
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    text = message.text + (f"\n\n{link}" if link else "") + (f"\n\n—\n{_stop_words(language)} {stop}" if stop else "")
    mail = EmailMultiAlternatives(message.title, text, None, [message.address], headers=headers)
    mail.attach_alternative(_page(message, language, link, stop), "text/html")
    return mail


def _stop_words(language: str) -> str:
    return "Stop mails of this kind:" if language == "en" else "不再用邮件接收这类消息："


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _page(message: Outgoing, language: str, link: str, stop: str) -> str:
    lines = format_html_join("\n", "<p>{}</p>", ((line,) for line in message.text.splitlines() if line.strip()))
    opened = format_html('<p><a href="{}">{}</a></p>', link, link) if link else ""
    stopped = (
        format_html('<hr><p><small>{} <a href="{}">{}</a></small></p>', _stop_words(language), stop, stop)
        if stop
        else ""
    )
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head><body>{}{}{}</body></html>',
        language, message.title, lines, opened, stopped,
    )  # fmt: skip
