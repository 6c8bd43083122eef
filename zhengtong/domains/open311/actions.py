from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from zhengtong.domains.open311 import queries
from zhengtong.domains.open311.models import Filed, Partner, Passed
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_line, require_line

LOOK_EVERY = timedelta(hours=1)
LOOK_SOON = timedelta(minutes=5)  # while only a token is known


def admit(
    code: str,
    name: str,
    *,
    their_key: str = "",
    url: str = "",
    our_key: str = "",
    jurisdiction_id: str = "",
    by_token: bool = False,
    at: datetime,
) -> Partner:
    """`their_key`: what they show here, kept as a hash only. `our_key` and `url`: for what is sent to them."""
    return Partner.objects.create(
        code=require_line(code, 30, "code"), name=require_line(name, 100, "name"),
        key_hash=queries.key_hash(their_key), url=clean_line(url, 300, "url").rstrip("/"), key=our_key,
        jurisdiction_id=clean_line(jurisdiction_id, 100, "jurisdiction_id"), by_token=by_token, made_at=at,
    )  # fmt: skip


def stop(partner: Partner) -> None:
    """Their key opens nothing any more, and nothing is sent to them."""
    Partner.objects.filter(pk=partner.pk).update(active=False)


def note_filed(partner: Partner, retry_key: str, body_hash: str, token: str, letter_no: str, *, at: datetime) -> Filed:
    """In the transaction of the letter: a second request with the same key raises Refusal(STALE) and makes no letter."""
    try:
        with transaction.atomic():
            return Filed.objects.create(
                partner=partner, retry_key=retry_key, body_hash=body_hash, token=token, letter_no=letter_no, at=at
            )
    except IntegrityError:
        raise Refusal(RefusalCode.STALE, kind="", actor=partner.name, at=at) from None


def begin_passing(partner: Partner, letter_no: str, service_code: str, *, at: datetime) -> tuple[Passed, bool]:
    """Unique for a letter and a partner: asked twice, the same row comes back, and False."""
    return Passed.objects.get_or_create(
        partner=partner, letter_no=letter_no,
        defaults={"service_code": require_line(service_code, 100, "service_code"), "passed_at": at},
    )  # fmt: skip


def call_off(letter_no: str, fault: str) -> None:
    """What has not left yet does not leave any more."""
    rows = Passed.objects.filter(letter_no=letter_no, state=Passed.WAITING)
    rows.update(state=Passed.REFUSED, fault=fault[:300], next_look_at=None)


def taken(row: Passed, *, remote_id: str = "", token: str = "", at: datetime) -> None:
    """They have it: by number, or by a token that becomes one."""
    row.state, row.remote_id, row.token = Passed.TAKEN if remote_id else Passed.TOKEN, remote_id[:200], token[:200]
    row.heard_at, row.fault = at, ""
    row.next_look_at = at + (LOOK_EVERY if remote_id else LOOK_SOON)
    row.save(update_fields=["state", "remote_id", "token", "heard_at", "fault", "next_look_at"])


def refused(row: Passed, fault: str, *, at: datetime) -> bool:
    """They do not take it. False when that was known."""
    return _ended(row, Passed.REFUSED, at, fault=fault[:300])


def heard(row: Passed, status: str, notes: str, *, at: datetime) -> bool:
    """What they say of it now; once closed there, nobody asks again. True when it has ended by this, once."""
    said = {"remote_status": status[:40], "remote_notes": notes, "fault": ""}
    if status == "closed":
        return _ended(row, Passed.CLOSED, at, **said)
    _running(row).update(state=Passed.TAKEN, heard_at=at, next_look_at=at + LOOK_EVERY, **said)
    return False


def _running(row: Passed) -> QuerySet[Passed]:
    """Two workers may ask at once: what has ended stays ended."""
    return Passed.objects.filter(pk=row.pk).exclude(state__in=[Passed.CLOSED, Passed.REFUSED])


def _ended(row: Passed, state: str, at: datetime, **said: str) -> bool:
    return bool(_running(row).update(state=state, heard_at=at, next_look_at=None, **said))


def unheard(row: Passed, fault: str, *, at: datetime) -> None:
    """No answer this time: asked again later."""
    row.fault, row.next_look_at = fault[:300], at + LOOK_EVERY
    row.save(update_fields=["fault", "next_look_at"])
