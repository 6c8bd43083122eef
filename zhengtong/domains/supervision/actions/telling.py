"""Who is told of a card (domain-rules §5.2): the officer, then the chain above, each level also what the lower ones do."""

from datetime import date, datetime

from zhengtong.base.outbox.actions import message
from zhengtong.base.outbox.models import Message
from zhengtong.domains.registry.models import Officer, Post
from zhengtong.domains.registry.queries import in_force
from zhengtong.domains.supervision.models import Card
from zhengtong.rules.clock import Level
from zhengtong.rules.roles import Role


def accounts_told(rank: int, *, organ_id: int, section_id: int | None, officer_id: int | None, on: date) -> list[int]:
    """Accounts, each once. One query for the officer, one for the chain.

    §5.2: 提醒 the officer; 预警 + the head of the section; 黄牌 + the department's efficiency contact, who is its
    chief representative (首席代表); 红牌 + the heads of the department + supervision.
    """
    told: list[int] = []
    if officer_id is not None:
        told += Officer.objects.filter(pk=officer_id, account__isnull=False).values_list("account_id", flat=True)
    if rank < Level.WARN.rank and told:
        return told
    roles = [Role.SECTION_HEAD]
    if rank >= Level.YELLOW.rank:
        roles.append(Role.APPROVER)
    if rank >= Level.RED.rank:
        roles.append(Role.SUPERVISOR)
    posts = Post.objects.filter(
        in_force(on), role__in=[role.value for role in roles], officer__left_on__isnull=True,
        officer__account__isnull=False,
    ).values_list("role", "organ_id", "section_id", "officer__account_id")  # fmt: skip
    for role, organ, section, account in posts.order_by("id"):
        everybody = role == Role.SUPERVISOR
        theirs = organ == organ_id and (
            rank >= Level.RED.rank or section is None or section_id is None or section == section_id
        )
        if (everybody or theirs) and account is not None:
            told.append(account)
    return list(dict.fromkeys(told))


def notice(kind: str, card: Card, accounts: list[int], *, at: datetime, **payload: object) -> list[Message]:
    """Unsaved messages; the key holds the card's version, so that a step repeated sends nothing twice."""
    facts = {
        "card_no": card.number,
        "rule": card.rule_code,
        "rule_name": card.rule_version.name,
        "rule_name_en": card.rule_version.name_en,
        "level": card.level,
        "case_no": card.subject_key if card.subject_kind == "case" else "",
        **{k: str(v) for k, v in payload.items() if v},
    }
    return [
        message(
            kind,
            key=f"{kind}:{card.number}:{card.version}:{account}",
            at=at,
            account_id=account,
            subject=("card", card.number),
            payload=facts,
        )
        for account in accounts
    ]
