"""Which providers may be used now, and how much of each: shared by all workers through one row a provider."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import F

from zhengtong.base.outbox.channels import Provider
from zhengtong.base.outbox.models import ProviderHealth
from zhengtong.rules.messaging_delivery import Batch, Health, Standing, after_batch, standing

FIELDS = ("failures", "trips", "open_until", "slow", "slow_until", "throttles", "pause_until")


def usable(channel: str, providers: Sequence[Provider], at: datetime) -> list[tuple[Provider, Standing]]:
    """Those that may be asked now, in the order to ask them: well ones as the house ordered them, then slow ones."""
    rows = _rows(channel, providers)
    asked = [(provider, standing(health_of(rows[provider.name]), at)) for provider in providers]
    order = (Standing.PROBED, Standing.WELL, Standing.SLOW)  # a probe costs one message and brings a provider back
    return sorted(((provider, now) for provider, now in asked if now in order), key=lambda pair: order.index(pair[1]))


def _rows(channel: str, providers: Sequence[Provider]) -> dict[str, ProviderHealth]:
    names = [provider.name for provider in providers]
    rows = {row.name: row for row in ProviderHealth.objects.filter(name__in=names)}
    if missing := [name for name in names if name not in rows]:
        made = [ProviderHealth(name=name, channel=channel) for name in missing]
        ProviderHealth.objects.bulk_create(made, ignore_conflicts=True)
        rows |= {row.name: row for row in made}
    return rows


def health_of(row: ProviderHealth) -> Health:
    return Health(**{name: getattr(row, name) for name in FIELDS})


def reserve(provider: Provider, wanted: int, at: datetime) -> int:
    """How many of `wanted` may go this second, taken at once so that no other worker takes them too."""
    if not provider.rate:
        return wanted
    second, count = int(at.timestamp()), min(wanted, provider.rate)
    row = ProviderHealth.objects.filter(name=provider.name)
    if row.exclude(second=second).update(second=second, used=count):
        return count
    left = provider.rate - (row.values_list("used", flat=True).get())
    while (count := min(wanted, left)) > 0:
        if row.filter(second=second, used__lte=provider.rate - count).update(used=F("used") + count):
            return count
        left = count - 1
    return 0


def note(provider: Provider, batch: Batch, at: datetime, *, detail: str) -> None:
    """Keeps what a batch showed. Two workers may both write: what was seen last counts, as for one of them."""
    row = ProviderHealth.objects.get(name=provider.name)
    changes: dict[str, object] = {"accepted": F("accepted") + batch.accepted, "failed": F("failed") + batch.failed}
    if provider.breaks:
        changes |= asdict(after_batch(health_of(row), batch, at))
    if detail:
        changes["last_error"] = detail[:300]
    ProviderHealth.objects.filter(name=provider.name).update(used_at=at, **changes)
