import re
from secrets import token_urlsafe
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.domains.open311 import actions, queries
from zhengtong.exchange.sentences import sentence
from zhengtong.exchange.webhook import Forbidden, checked
from zhengtong.flows.letter_passed_on import pass_on
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Role

# Who can run a command on the machine keeps the letters of the whole centre.
CLERK = Acting(ActorKind.IMPORT, None, "open311", (PostHeld(Role.LETTER_CLERK, 0, everywhere=True),))


class Command(BaseCommand):
    help = "Open311 对接：登记和停用对接方，把来信转给对方，查看转出的来信。  Partners by Open311, and letters sent to them."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="partners, and whether they file here or are sent to")
        stop = acts.add_parser("stop", help="a partner's key opens nothing any more")
        stop.add_argument("code")
        admit = acts.add_parser("admit", help="a new partner; prints the key it shows here, once")
        admit.add_argument("code")
        admit.add_argument("name")
        admit.add_argument("--url", default="", help="their endpoint, up to and with /v2")
        admit.add_argument("--key", default="", help="the key we show them")
        admit.add_argument("--jurisdiction", default="")
        admit.add_argument("--by-token", action="store_true", help="answer them with a token first")
        send = acts.add_parser("send", help="send a letter to a partner")
        send.add_argument("number")
        send.add_argument("code")
        send.add_argument("service_code", help="theirs")
        show = acts.add_parser("show", help="how a letter sent to partners stands there")
        show.add_argument("number")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except Refusal as refusal:
            raise CommandError(sentence(refusal)) from refusal

    def _list(self, options: Any) -> None:
        for one in queries.partners():
            ways = [word for word, here in (("in", one.key_hash), ("out", one.url)) if here]
            state = "" if one.active else "  stopped"
            self.stdout.write(f"{one.code}  {one.name}  {'+'.join(ways)}  {one.url}{state}")

    def _stop(self, options: Any) -> None:
        actions.stop(queries.partner_for(options["code"]))

    def _admit(self, options: Any) -> None:
        if not re.fullmatch("[a-z0-9-]{1,30}", options["code"]):
            raise CommandError("代号只用小写字母、数字和短横线。  A code is lower-case letters, digits and hyphens.")
        if options["url"]:
            try:
                checked(options["url"])
            except Forbidden as fault:
                raise CommandError(
                    "地址要以 https 开头，写到 /v2 为止。  The address begins with https and ends with /v2."
                ) from fault
        key = token_urlsafe(24)
        try:
            actions.admit(
                options["code"], options["name"], their_key=key, url=options["url"], our_key=options["key"],
                jurisdiction_id=options["jurisdiction"], by_token=options["by_token"], at=timezone.now(),
            )  # fmt: skip
        except IntegrityError as fault:
            raise CommandError(f"{options['code']} 已登记。  It is known already.") from fault
        self.stdout.write(f"api_key（只显示这一次  shown only once）: {key}")

    def _send(self, options: Any) -> None:
        pass_on(
            options["number"], options["code"], service_code=options["service_code"], by=CLERK, at=timezone.now()
        )  # fmt: skip

    def _show(self, options: Any) -> None:
        for row in queries.passed_of(options["number"].upper()):
            self.stdout.write(
                f"{row.partner.code}  {row.state}  {row.remote_id or row.token}  {row.remote_notes}{row.fault}"
            )
