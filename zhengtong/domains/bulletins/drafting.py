"""The words a circular begins with, in the manner of such papers; a person edits them. Chinese only: it is the paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def percent(share: Mapping[str, int]) -> str:
    """`96.4%`, with its base beside it in the tables; a dash where there is none."""
    if not share["of"]:
        return "—"
    tenths = (2000 * share["n"] + share["of"]) // (2 * share["of"])
    return f"{tenths // 10}.{tenths % 10}%"


def drafted_texts(contents: Mapping[str, Any]) -> dict[str, str]:
    """Section → opening words."""
    sections = {one["code"]: one for one in contents["sections"]}
    return {code: _WORDS[code](one) if code in _WORDS else "" for code, one in sections.items()}


def _rows(section: Mapping[str, Any], table: str) -> list[list[Any]]:
    return next((list(one["rows"]) for one in section.get("tables", ()) if one["code"] == table), [])


def _day(iso: str) -> str:
    on = date.fromisoformat(iso)
    return f"{on.year}年{on.month}月{on.day}日"


def _scope(one: Mapping[str, Any]) -> str:
    facts = one["facts"]
    return (
        f"本期通报统计区间为{_day(facts['since'])}至{_day(facts['until'])}，涉及{facts['organs']}个部门。"
        f"期间收件{facts['received']}件，受理{facts['accepted']}件，办结{facts['finished']}件；"
        f"期末在办{facts['open']}件，其中暂停计时{facts['suspended']}件、已经超期{facts['overdue']}件。"
    )


def _volume(one: Mapping[str, Any]) -> str:
    items = _rows(one, "items")
    if not items:
        return "本期没有收件。"
    names = "、".join(f"“{row[0]['zh']}”（{row[1]}件）" for row in items[:3])
    return f"本期有收件的事项{one['facts']['items']}项，收件较多的是{names}。"


def _timeliness(one: Mapping[str, Any]) -> str:
    facts = one["facts"]
    if not facts["finished"]:
        return "本期没有办结件。"
    return (
        f"按期办结率{percent(facts['in_time'])}（{facts['in_time']['n']}/{facts['in_time']['of']}），"
        f"提前办结率{percent(facts['early'])}（{facts['early']['n']}/{facts['early']['of']}），"
        f"即办率{percent(facts['immediate'])}（{facts['immediate']['n']}/{facts['immediate']['of']}）。"
    )


def _cards(one: Mapping[str, Any]) -> str:
    facts = one["facts"]
    text = f"本期发出预警{facts['warn']}件、黄牌{facts['yellow']}件、红牌{facts['red']}件，已撤销和取消的不计在内。"
    again = _rows(one, "repeated")
    if again:
        text += "连续两个月被发黄牌或者红牌的有" + "、".join(row[0]["zh"] for row in again) + "。"
    return text


def _voice(one: Mapping[str, Any]) -> str:
    facts = one["facts"]
    told = f"群众评价差评{facts['bad']}件，逾期未整改{facts['late_mended']}件；查实投诉{facts['complaints']}件。"
    if facts["satisfied"] is None:
        return told
    return (
        f"群众评价满意率{percent(facts['satisfied'])}（{facts['satisfied']['n']}/{facts['satisfied']['of']}），{told}"
    )


def _data(one: Mapping[str, Any]) -> str:
    facts = one["facts"]
    text = f"本期数据真实性检查发现线索{facts['leads']}条。"
    if "sampled" in facts:
        text += f"随机抽查{facts['sampled']}件，已核查{facts['looked']}件，查实不实{facts['untrue']}件。"
    return text


def _problems(one: Mapping[str, Any]) -> str:
    if not _rows(one, "problems"):
        return "本期没有需要点名整改的部门。"
    return "下列部门应当于本通报印发之日起10个工作日内完成整改，并书面报告整改结果。"


def _commendations(one: Mapping[str, Any]) -> str:
    praised = _rows(one, "praised")
    if not praised:
        return "本期没有符合通报表扬条件的部门（办结不少于30件、全部按期、无黄牌红牌）。"
    return "、".join(row[0]["zh"] for row in praised) + "办结件全部按期，没有黄牌和红牌，予以通报表扬。"


def _unanswered(one: Mapping[str, Any]) -> str:
    count = len(_rows(one, "orders"))
    return f"截至期末，逾期未回复的督办单{count}件。" if count else "截至期末，没有逾期未回复的督办单。"


_WORDS = {
    "scope": _scope,
    "volume": _volume,
    "timeliness": _timeliness,
    "cards": _cards,
    "voice": _voice,
    "data": _data,
    "problems": _problems,
    "commendations": _commendations,
    "unanswered": _unanswered,
}
