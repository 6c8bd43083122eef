"""Knows when ratings are published and what is masked before; refuses to know who reads them.

A masked draft is a proposal: a name in running text only a person recognises, so somebody looks at every word.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from zhengtong.rules.ratings_figures import Counts

# Longest first: what is a card number shall not be half masked as a phone.
_PERSONAL = (
    re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+"),
    re.compile(r"(?<![0-9A-Za-z])[0-9]{6}(?:[0-9]{8})[0-9]{3}[0-9Xx](?![0-9A-Za-z])"),  # 居民身份证
    re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{18,22}(?![0-9A-Za-z])"),  # 统一社会信用代码, 办件编号
    re.compile(r"\+?[0-9][0-9 \-]{5,}[0-9]"),  # phones, bank cards, in whatever groups
    re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}"),  # 车牌
    re.compile(r"(?:微信|QQ|qq)号?[:：]?\s*[A-Za-z0-9_-]{5,20}"),
)
MASK = "***"


def masked(text: str) -> str:
    """Numbers and addresses by which somebody could be reached, taken out; names are left for a person to see."""
    for pattern in _PERSONAL:
        text = pattern.sub(MASK, text)
    return text


def last_month(on: date, delay: int) -> date:
    """First day of the newest month that may be published: over for `delay` days, so that every window has closed."""
    latest = on - timedelta(days=delay)
    first = latest.replace(day=1)
    return (first - timedelta(days=1)).replace(day=1)


def may_detail(counts: Counts, least: int) -> bool:
    """Whether the levels of a group are shown: among too few, one would be recognised (国办发〔2019〕51号)."""
    return counts.rated >= least


def told_apart(groups: Mapping[str, Counts], least: int) -> frozenset[str]:
    """Which groups of one whole show their levels.

    Where what stays hidden would be few again, the next smallest hides as well: else the whole less the shown tells it.
    """
    shown = {key for key, counts in groups.items() if may_detail(counts, least)}
    hidden = sum(counts.rated for key, counts in groups.items() if key not in shown)
    while shown and 0 < hidden < least:
        smallest = min(shown, key=lambda key: (groups[key].rated, key))
        shown.discard(smallest)
        hidden += groups[smallest].rated
    return frozenset(shown)


def told_within(groups: Mapping[tuple[str, ...], Counts], least: int) -> frozenset[str]:
    """Which of the inner groups, by (outer, inner), show their levels beside the figures of the outer ones.

    One that stands in several, as what has no item does, is shown where it may be shown in each.
    """
    within: dict[str, dict[str, Counts]] = {}
    for (outer, inner), counts in groups.items():
        within.setdefault(outer, {})[inner] = counts
    hidden = frozenset().union(*(own.keys() - told_apart(own, least) for own in within.values()))
    return frozenset(inner for _outer, inner in groups) - hidden
