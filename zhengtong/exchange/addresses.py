"""Addresses of providers as the settings hold them: those that can be used, and those that cannot. One bad one stops no other."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from zhengtong.base.outbox.channels import Provider


@dataclass(frozen=True, slots=True)
class Unusable:
    """An address nothing is sent by. Of the address itself only its scheme is told: a mistyped one may show its password anywhere."""

    place: int  # in its variable, from 1
    scheme: str
    doubled: bool  # well written, but under a name that another one has


def usable(
    addresses: Sequence[str], read: Callable[[str], Provider], *, taken: Collection[str] = ()
) -> tuple[list[Provider], list[Unusable]]:
    """`taken`: names of providers before these. Health and receipts are kept by name, so a name stands for one provider."""
    good: list[Provider] = []
    bad: list[Unusable] = []
    names = set(taken)
    for place, address in enumerate(addresses, start=1):
        scheme = address.partition("://")[0][:10] if "://" in address else ""
        try:
            provider = read(address)
        except ValueError:
            bad.append(Unusable(place, scheme, doubled=False))
            continue
        if provider.name in names:
            bad.append(Unusable(place, scheme, doubled=True))
            continue
        names.add(provider.name)
        good.append(provider)
    return good, bad


def whole(options: Mapping[str, str], name: str, usual: int, *, least: int = 0) -> int:
    """A number among the options of an address. ValueError for what is none, or less than `least`."""
    text = options.get(name, "")
    value = int(text) if text else usual
    if value < least:
        raise ValueError(f"{name} is less than {least}")
    return value


def seconds(options: Mapping[str, str], name: str, usual: float) -> float:
    """As `whole`, more than nothing and less than an hour."""
    text = options.get(name, "")
    value = float(text) if text else usual
    if not 0 < value < 3600:
        raise ValueError(f"{name} is no time to wait")
    return value
