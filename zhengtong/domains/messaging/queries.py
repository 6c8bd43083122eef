from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from zhengtong.base import editions
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.messaging.models import Guest, Manner, Webhook, Wish, Wording, WordingEdition
from zhengtong.domains.messaging.shipped import groups, shipped
from zhengtong.domains.registry.models import Account, Organ
from zhengtong.rules.messaging import Channel, Draft, Receiver, Template, Wishes, fill, sentence, worded
from zhengtong.rules.messaging_hours import QUIET, QuietHours
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

EDITION = "messaging"
DIGEST_GROUP = "digest"  # not told of by itself: it carries what is


def template(kind: str) -> Template:
    """As shipped: who may be told what, by which ways. KeyError for a kind nobody wrote a sentence for."""
    return shipped()[kind]


def group_words(group: str) -> tuple[str, str]:
    """(Chinese, English)."""
    words = groups()[group]
    return words["name"], words["name_en"]


def in_force() -> dict[str, Template]:
    """Every kind in the words of this house. One query while nothing was published since."""
    return _in_force(editions.number(EDITION))


@lru_cache(maxsize=2)
def _in_force(edition: int) -> dict[str, Template]:
    templates = dict(shipped())
    for row in Wording.objects.filter(edition__gt=0):
        if row.kind in templates:
            templates[row.kind] = template_at(row.kind, row.edition)
    return templates


@lru_cache(maxsize=1024)
def template_at(kind: str, edition: int) -> Template:
    """In the words of an edition, as a message written by it reads for ever. KeyError for an unknown kind."""
    if not edition:
        return template(kind)
    row = WordingEdition.objects.get(wording__kind=kind, number=edition)
    return worded(template(kind), Draft(**row.words), edition)


def group_of(kind: str) -> tuple[str, str]:
    """What a kind is about; nothing for a kind no longer known."""
    known = shipped().get(kind)
    return group_words(known.group) if known is not None else ("", "")


def sentence_for(kind: str, payload: Mapping[str, object], *, english: bool) -> str:
    """The unfilled in-app sentence a message was written by; its kind for one no longer known."""
    if kind not in shipped():
        return kind
    edition = payload.get("edition", 0)
    return sentence(template_at(kind, edition if isinstance(edition, int) else 0), Channel.IN_APP, english=english)


def wording(by: Acting, kind: str) -> tuple[Template, Wording | None]:
    """A template to look at or change, with its row where this house has touched it."""
    by.check(Ability.KEEP_MESSAGES)
    if kind not in shipped():
        raise Refusal(RefusalCode.NOT_FOUND)
    row = Wording.objects.filter(kind=kind).first()
    return template_at(kind, row.edition if row else 0), row


def wordings(by: Acting) -> list[tuple[Template, Wording | None]]:
    by.check(Ability.KEEP_MESSAGES)
    rows = {row.kind: row for row in Wording.objects.all()}
    templates = in_force()
    return [(templates[kind], rows.get(kind)) for kind in shipped()]


def editions_of(row: Wording | None) -> list[WordingEdition]:
    """Newest first."""
    return list(WordingEdition.objects.filter(wording=row).order_by("-number")) if row is not None else []


NAMED = ("item", "organ", "certificate")  # facts that are the name of something with an English one


def names_in_english(payloads: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """What items and organs in these facts are called in English, by their Chinese names. Two queries for any number."""
    wanted = {str(facts[name]) for facts in payloads for name in NAMED if facts.get(name)}
    if not wanted:
        return {}
    found: dict[str, str] = {}
    for named in (Item.objects, Organ.objects):
        found |= dict(named.filter(name__in=wanted).exclude(name_en="").values_list("name", "name_en"))
    return found


def with_names(facts: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """The same facts, said in English as far as names have one."""
    return {name: names.get(str(value), value) if name in NAMED else value for name, value in facts.items()}


# --- receivers ---


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed to reach an account: addresses, language, wishes, hours."""

    account_id: int
    phone: str
    email: str
    english: bool
    quiet: QuietHours | None
    wishes: dict[str, Wishes]


def receivers(account_ids: Collection[int]) -> dict[int, Known]:
    """Three queries for any number of accounts. One that may not sign in is not written to."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    wishes: dict[int, dict[str, Wishes]] = {}
    for row in Wish.objects.filter(account_id__in=wanted):
        chosen = tuple(Channel(name) for name in row.channels)
        wishes.setdefault(row.account_id, {})[row.kind] = Wishes(chosen, row.digest)
    manners = {row.account_id: row for row in Manner.objects.filter(account_id__in=wanted)}
    return {
        account.pk: Known(
            account.pk,
            account.phone if account.phone_verified else "",
            account.email,
            account.language.startswith("en"),
            _quiet(manners.get(account.pk)),
            wishes.get(account.pk, {}),
        )
        for account in Account.objects.filter(pk__in=wanted, is_active=True)
    }


def _quiet(row: Manner | None) -> QuietHours | None:
    if row is None:
        return QUIET
    if row.quiet_since is None or row.quiet_until is None:
        return None
    return QuietHours(row.quiet_since, row.quiet_until)


def webhooks(enterprise_ids: Collection[int]) -> dict[int, Webhook]:
    wanted = set(enterprise_ids)
    found = Webhook.objects.filter(enterprise_id__in=wanted, active=True) if wanted else []
    return {row.enterprise_id: row for row in found}


def preferences(account_id: int, *, officer: bool) -> tuple[Known, list[Template]]:
    """One's own wishes, and the kinds one may be told of."""
    to = Receiver.OFFICER if officer else Receiver.CITIZEN
    mine = [one for one in in_force().values() if one.to is to and one.group != DIGEST_GROUP]
    return receivers([account_id])[account_id], mine


def webhook_of(enterprise_id: int) -> Webhook | None:
    return Webhook.objects.filter(enterprise_id=enterprise_id).first()


def secret_for(enterprise_id: int, url: str) -> str:
    """The secret that signs what goes to an address; empty when the enterprise no longer receives there."""
    row = Webhook.objects.filter(enterprise_id=enterprise_id, url=url, active=True).first()
    return row.secret if row is not None else ""


# --- a house on trial ---


def guests(by: Acting) -> list[Guest]:
    by.check(Ability.KEEP_MESSAGES)
    return list(Guest.objects.filter(active=True).order_by("-id"))


def guest_for(by: Acting, key: str, channel: Channel) -> Guest:
    """Refusal(MESSAGE_NOT_ON_GUEST_LIST) for who is not listed, or cannot be reached that way."""
    by.check(Ability.KEEP_MESSAGES)
    row = Guest.objects.filter(key=key, active=True).first()
    if row is None or ("@" in row.address) != (channel is Channel.MAIL):
        raise Refusal(RefusalCode.MESSAGE_NOT_ON_GUEST_LIST)
    return row


def sms_text(kind: str, payload: Mapping[str, object]) -> str:
    """What a message says outside the portal: its own words once it has them, else those it will get."""
    if "text" in payload or kind not in shipped():
        return str(payload.get("text", ""))
    return fill(sentence(template(kind), Channel.SMS, english=False), payload, english=False)


def on_guest_list(addresses: Collection[str]) -> set[str]:
    hashes = {lookup_hash(address): address for address in addresses}
    listed = Guest.objects.filter(address_hash__in=list(hashes), active=True).values_list("address_hash", flat=True)
    return {hashes[one] for one in listed}
