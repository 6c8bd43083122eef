"""The ways out. In-app messages are delivered by being readable; mail goes through Django's mail backend.

An installation without a provider keeps every message and shows it in the local inbox page.
"""

import smtplib

from django.conf import settings
from django.core.mail import send_mail

from zhengtong.base.outbox.models import Message


class Undeliverable(Exception):
    """The channel did not take the message; it will be tried again."""


def deliver(message: Message) -> None:
    """Raises Undeliverable. Without a configured provider (OUTBOX_MAIL False) the message simply stays readable here."""
    if message.channel == Message.MAIL and settings.OUTBOX_MAIL:
        try:
            send_mail(
                message.payload.get("title", message.kind),
                message.payload.get("text", ""),
                None,
                [message.address],
            )
        except (smtplib.SMTPException, OSError) as fault:
            raise Undeliverable(str(fault)) from fault
