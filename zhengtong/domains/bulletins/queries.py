"""Circulars by whoever may read them: every officer those that are out, supervision and who publishes also the drafts."""

from datetime import date

from django.db.models import Q

from zhengtong.base.permission import Acting
from zhengtong.domains.bulletins.models import Bulletin, BulletinCopy
from zhengtong.domains.registry.models import Organ
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role
from zhengtong.rules.scoring_months import Month

KEEPERS = (Ability.SUPERVISE, Ability.PUBLISH_REPORTS)
_WITH = ("organ", "drafted_by", "approved_by", "published_by")


def _seen_by(by: Acting) -> Q:
    if not by.is_officer:
        return Q(pk__in=[])
    return Q() if by.can(*KEEPERS) else Q(state=Bulletin.PUBLISHED)


def bulletins(by: Acting, *, before: date | None = None, limit: int = 25) -> list[Bulletin]:
    """Newest month first, without their contents."""
    rows = Bulletin.objects.select_related(*_WITH).filter(_seen_by(by)).defer("contents", "texts")
    if before is not None:
        rows = rows.filter(month__lt=before)
    return list(rows.order_by("-month", "-revision")[:limit])


def bulletin_for(by: Acting, key: str) -> Bulletin:
    """By its key, `2026-10-1`; NOT_FOUND also where it is not this reader's yet."""
    month, _, revision = key.rpartition("-")
    found = None
    if len(month) == 7 and month.isascii() and revision.isascii() and revision.isdecimal() and len(revision) <= 4:
        try:
            on = date.fromisoformat(f"{month}-01")
        except ValueError:
            on = None
        if on is not None:
            rows = Bulletin.objects.select_related(*_WITH).filter(_seen_by(by))
            found = rows.filter(month=on, revision=int(revision)).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def latest(month: Month) -> Bulletin | None:
    """The last revision of a month, whatever its state."""
    return Bulletin.objects.filter(month=month.since).order_by("-revision").first()


def revisions(bulletin: Bulletin, by: Acting) -> list[Bulletin]:
    """Others of the same month, newest first: a correction names what it corrects."""
    rows = Bulletin.objects.filter(_seen_by(by), month=bulletin.month).exclude(pk=bulletin.pk)
    return list(rows.defer("contents", "texts").order_by("-revision"))


def copies(bulletin: Bulletin) -> list[BulletinCopy]:
    return list(BulletinCopy.objects.filter(bulletin=bulletin).select_related("organ").order_by("organ__code"))


def issuing_organ(by: Acting) -> Organ:
    """In whose name it goes out: the organ where the drafter holds the post of supervision, else the service centre."""
    own = next((post.organ_id for post in by.posts if post.role is Role.SUPERVISOR), None)
    organ = Organ.objects.filter(pk=own).first() if own else None
    organ = organ or Organ.objects.order_by("-is_centre", "pk").first()
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return organ


def dispatching_organs() -> list[Organ]:
    """Units that send people to the hall, or officers into the house: each gets its copy (§5.8)."""
    return list(Organ.objects.filter(Q(windows__isnull=False) | Q(officers__isnull=False)).distinct().order_by("code"))
