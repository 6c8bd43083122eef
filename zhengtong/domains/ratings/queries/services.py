"""One service, found by who may rate it, by the clerk who enters a rating, and by flows of the house."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from zhengtong.base.journal.models import Entry
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.ratings import names
from zhengtong.domains.ratings.labels import item_in_english
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.registry.models import Account, Officer, Person
from zhengtong.rules.clock import end_of, local_date
from zhengtong.rules.ratings import NodeKind, NodeState
from zhengtong.rules.refusal import Refusal, RefusalCode

ASKING = "rating.device.minutes"
FOLLOW_UP = "rating.follow_up.days"
INVITED_AFTER = "rating.invite.minutes"
LOOKED_BACK = timedelta(minutes=10)  # a worker that was away for longer asks about fewer


def node_for_device(window_id: int, at: datetime) -> Node | None:
    """What the counter device of a window asks about now: the window's last service, if it is unrated and was given, or
    asked about by hand, a moment ago.

    Only the last: when the next person has been served, the one before can no longer be rated on this device.
    """
    asks = timedelta(minutes=current_law().value(ASKING, local_date(at)))
    node = Node.objects.filter(window_id=window_id, opened_at__lte=at).order_by("-opened_at", "-pk").first()
    if node is None or node.state != NodeState.OPEN.value:
        return None
    begun = [moment for moment in (node.opened_at, node.asked_at) if moment is not None]
    return node if any(moment <= at <= moment + asks for moment in begun) else None


def _shown() -> QuerySet[Node]:
    """With all that a page says of a service."""
    return Node.objects.select_related("organ").annotate(item_name_en=item_in_english())


def node_by_token(token: str) -> Node:
    """The service a link or QR code is about, rated or not; Refusal(RATING_LINK) for any other text."""
    found = names.opened(token)
    node = _shown().filter(key=found[0]).first() if found else None
    if node is None:
        raise Refusal(RefusalCode.RATING_LINK)
    return node


def node_by_key(key: str) -> Node:
    node = _shown().filter(key=key).first()
    if node is None:
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    return node


def _owned(by: Acting) -> Q:
    """Services that are this applicant's own. With an enterprise it is its people's, while they act for it."""
    if by.kind is not ActorKind.APPLICANT or by.id is None:
        return Q(pk__in=[])
    own = Q(account_id=by.id)
    if by.person_id is not None:
        own |= Q(person_id=by.person_id)
    phone = Account.objects.filter(pk=by.id, phone_verified=True).values_list("phone_hash", flat=True).first()
    if phone:  # where an account is known the phone is only a contact: perhaps a friend's
        own |= Q(phone_hash=phone, account__isnull=True)
    own &= Q(enterprise__isnull=True)
    return own | Q(enterprise_id__in=by.enterprise_ids) if by.enterprise_ids else own


def owns(by: Acting, node: Node) -> bool:
    return Node.objects.filter(_owned(by), pk=node.pk).exists()


def node_for(by: Acting, key: str) -> Node:
    """A service of this applicant's own; the same Refusal(RATING_NOT_YOURS) for another's and for none."""
    node = _shown().filter(_owned(by), key=key).first()
    if node is None:
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    return node


def my_nodes(by: Acting, *, before: int | None = None, limit: int = 20) -> list[Node]:
    """An applicant's services, rated and not, newest first."""
    rows = _shown().select_related("rating").filter(_owned(by)).order_by("-pk")
    return list((rows if before is None else rows.filter(pk__lt=before))[:limit])


def nodes_about(by: Acting, subject: tuple[str, str], *, at: datetime) -> list[Node]:
    """What an applicant can still rate of one case or letter of their own; oldest first."""
    return list(_about(subject, at).filter(_owned(by), state=NodeState.OPEN.value))


def open_about(subject: tuple[str, str], *, at: datetime) -> list[Node]:
    """Services of a case or letter whose days to rate still run, rated or not: for the page that shows who holds its
    slip the code to rate by. Slips pass through a clerk's hands, and a code that vanished would say that it was rated."""
    return list(_about(subject, at))


def _about(subject: tuple[str, str], at: datetime) -> QuerySet[Node]:
    return Node.objects.filter(subject_kind=subject[0], subject_key=subject[1], closes_at__gte=at).order_by("pk")


def rating_by_number(number: str) -> Rating:
    """For flows that the house itself starts; a door asks `rating_for`."""
    rating = Rating.objects.select_related("node").filter(number=number).first()
    if rating is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return rating


def is_sent_link(token: str) -> bool:
    """Whether a link was sent to somebody; else it is the code of a paper."""
    found = names.opened(token)
    return found is not None and found[1] == names.SMS


def own_rating(node: Node, by: Acting) -> Rating | None:
    """The rating of one's own service, for who gave it: a colleague of the enterprise learns no more than that it is."""
    rating = rating_of(node) if node.level is not None else None
    if rating is None or rating.account_id == by.id:
        return rating
    if rating.account_id is None and (node.enterprise_id is None or _came_to(node, by)):
        return rating  # by a link, on a device, through a clerk: by whom it was sent to or done for
    return None


def _came_to(node: Node, by: Acting) -> bool:
    """Of all who act for an enterprise, the one with whose account or phone the service was asked for."""
    if node.account_id is not None:
        return node.account_id == by.id
    own = Account.objects.filter(pk=by.id).values_list("phone_hash", flat=True).first() if by.id is not None else ""
    return bool(own) and own == node.phone_hash


def follow_up_until(rating: Rating) -> datetime:
    """Until when a rating can be added to."""
    on = local_date(rating.given_at)
    return end_of(on + timedelta(days=current_law().value(FOLLOW_UP, on)))


def rating_of(node: Node) -> Rating | None:
    """A node read with its rating is not asked again."""
    try:
        return node.rating
    except Rating.DoesNotExist:
        return None


def nodes_of(names_: Iterable[tuple[str, str, str]]) -> list[Node]:
    """Nodes by kind and subject, for flows of the house; one query for each kind of subject."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for kind, subject_kind, subject_key in names_:
        wanted.setdefault((kind, subject_kind), []).append(subject_key)
    found: list[Node] = []
    for (kind, subject_kind), keys in wanted.items():
        found += Node.objects.filter(kind=kind, subject_kind=subject_kind, subject_key__in=keys).order_by("pk")
    return found


def unrated_visits(*, at: datetime, limit: int = 200) -> list[Node]:
    """Visits to a window some minutes ago that nobody rated there and whose visitor can be asked at home."""
    on = local_date(at)
    waited = at - timedelta(minutes=current_law().value(INVITED_AFTER, on))
    found = Node.objects.filter(
        opened_on__in=(local_date(waited), local_date(waited - LOOKED_BACK)), opened_at__lte=waited,
        opened_at__gt=waited - LOOKED_BACK, kind=NodeKind.TICKET.value, state=NodeState.OPEN.value,
    )  # fmt: skip
    return list(found.exclude(account__isnull=True, phone_hash="").order_by("pk")[:limit])


def has_owner(node: Node) -> bool:
    """Whether it is known whose service it was, by account, name or phone."""
    return bool(node.phone_hash or node.account_id or node.person_id or node.enterprise_id)


def took_part(node: Node, officer_id: int | None) -> bool:
    return officer_id is not None and officer_id in participants(node)


def participants(node: Node) -> set[int]:
    """Officers who took part in a service: who served, and everybody its journal names."""
    acted = Entry.objects.filter(
        subject_kind=node.subject_kind, subject_key=node.subject_key, actor_kind=ActorKind.OFFICER.value
    )
    found = {pk for pk in acted.values_list("actor_id", flat=True) if pk is not None}
    return found | ({node.officer_id} if node.officer_id is not None else set())


def is_own_service(node: Node, by: Acting, *, phones: Iterable[str] = ()) -> bool:
    """Whether a rating would come from somebody who took part: by post, by account, or by a phone of theirs."""
    officers = participants(node)
    if not officers:
        return False
    if by.is_officer and by.id in officers:
        return True
    accounts = {by.id if by.kind is ActorKind.APPLICANT else None, node.account_id} - {None}
    hashes = {node.phone_hash, *(lookup_hash(phone) for phone in phones)}
    if node.person_id is not None:  # for whom it was done, whoever filed and rates
        hashes |= set(Person.objects.filter(pk=node.person_id).values_list("phone_hash", flat=True))
        accounts |= set(Person.objects.filter(pk=node.person_id).values_list("account_id", flat=True)) - {None}
    if by.kind is ActorKind.APPLICANT and by.id is not None:
        hashes |= set(Account.objects.filter(pk=by.id).values_list("phone_hash", flat=True))
    hashes -= {""}
    same = Q(account_id__in=accounts) | Q(phone_hash__in=hashes) | Q(account__phone_hash__in=hashes)
    return Officer.objects.filter(same, pk__in=officers).exists()


def ratable(subject_keys: Iterable[str], *, at: datetime, limit: int = 10) -> list[Node]:
    """Services by what they are about (numbers of cases and letters, keys of tickets), open to rate; nobody's name."""
    found = _shown().filter(
        subject_key__in=list(subject_keys), state=NodeState.OPEN.value, opened_at__lte=at, closes_at__gte=at
    )
    return list(found.order_by("-opened_at")[:limit])
