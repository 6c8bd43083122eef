"""The sections of a circular (domain-rules §5.8) as data: what other rooms say of the month, frozen as it is taken.

A table is {code, columns, rows}; a cell is a number, a text, a share {n, of}, or a name {zh, en}. Words for people stand
at the doors and in the paper; here are codes and figures only. What no room can say yet is named under `waits`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from zhengtong.domains.authenticity import queries as authenticity
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.performance import queries as performance
from zhengtong.domains.performance.models import Score, ScoreMonth
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.domains.statistics import queries as statistics
from zhengtong.domains.statistics.queries import Figures
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.linter import DISCLOSED_ELEMENTS
from zhengtong.rules.ratings_figures import Counts
from zhengtong.rules.ratings_publication import may_detail
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import Awaited, Subject

SECTIONS = (
    "scope", "volume", "timeliness", "cards", "voice", "attendance", "disclosure", "data", "problems", "commendations",
    "ranking", "people", "unanswered",
)  # fmt: skip
TOP = 10
LEAST_PRAISED = 30  # fewer finished cases are no achievement yet (§5.9)
LEVELS = ("warn", "yellow", "red")

Cell = Any
Row = dict[str, Cell]


def gather(month: Month) -> dict[str, Any]:
    """Everything the circular of a month shows. The same state of the house gives the same contents."""
    names = _Names()
    figures = {one.keys["organ_id"]: one for one in statistics.figures(month.since, month.until)}
    active = {organ_id: one for organ_id, one in figures.items() if one.received or one.finished or one.open_at_end}
    cards = supervision.cards_by_organ(month.since, month.until)
    before = supervision.cards_by_organ(month.moved(-1).since, month.moved(-1).until)
    unanswered = orders.unanswered(month.until)
    sections = {
        "scope": _scope(month, active),
        "volume": _volume(month),
        "timeliness": _timeliness(active, names),
        "cards": _cards(month, cards, before, names),
        "voice": _voice(month, names),
        "attendance": {"waits": [Awaited.OFFICE.value]},
        "disclosure": _disclosure(),
        "data": _data(month),
        "problems": _problems(active, cards, unanswered, names),
        "commendations": _commendations(active, cards, names),
        "ranking": _ranking(month),
        "people": _people(month),
        "unanswered": _unanswered(unanswered),
    }
    return {"month": str(month), "sections": [{"code": code, **sections[code]} for code in SECTIONS]}


class _Names:
    """Organs and items by id, each asked for once."""

    def __init__(self) -> None:
        self.organs = {o.pk: o for o in Organ.objects.all()}

    def organ(self, organ_id: int) -> dict[str, str]:
        found = self.organs.get(organ_id)
        return _name(found.name, found.name_en) if found else _name(str(organ_id))

    def by_name(self, organ_ids: Iterable[int]) -> list[int]:
        return sorted(organ_ids, key=lambda pk: self.organs[pk].code if pk in self.organs else "")


def _name(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en}


def _share(pair: tuple[int, int]) -> dict[str, int]:
    return {"n": pair[0], "of": pair[1]}


def _table(code: str, columns: Sequence[str], rows: list[Row]) -> dict[str, Any]:
    return {"code": code, "columns": list(columns), "rows": [[row[name] for name in columns] for row in rows]}


def _sum(figures: Iterable[Figures]) -> Figures:
    total = Figures({})
    for one in figures:
        total.add(one)
    return total


def _scope(month: Month, active: Mapping[int, Figures]) -> dict[str, Any]:
    total = _sum(active.values())
    return {
        "facts": {
            "since": month.since.isoformat(),
            "until": month.until.isoformat(),
            "organs": len(active),
            "received": total.received,
            "accepted": total.accepted,
            "finished": total.finished,
            "open": total.open_at_end,
            "suspended": total.suspended_at_end,
            "overdue": total.overdue_at_end,
        }
    }


def _volume(month: Month) -> dict[str, Any]:
    kinds: list[Row] = [
        {"kind": one.keys["kind"], "received": one.received, "finished": one.finished, "granted": one.granted,
         "refused": one.refused, "open": one.open_at_end}
        for one in statistics.figures(month.since, month.until, by=("kind",))
    ]  # fmt: skip
    counted = [one for one in statistics.figures(month.since, month.until, by=("item_id",)) if one.received]
    counted.sort(key=lambda one: (-one.received, one.keys["item_id"]))
    items = {item.pk: item for item in Item.objects.filter(pk__in=[one.keys["item_id"] for one in counted[:TOP]])}
    rows: list[Row] = [
        {"item": _name(items[one.keys["item_id"]].name, items[one.keys["item_id"]].name_en),
         "received": one.received, "finished": one.finished, "in_time": _share(one.rate("in_time"))}
        for one in counted[:TOP]
    ]  # fmt: skip
    return {
        "tables": [
            _table("kinds", ("kind", "received", "finished", "granted", "refused", "open"), kinds),
            _table("items", ("item", "received", "finished", "in_time"), rows),
        ],
        "facts": {"items": len(counted)},
    }


RATES = ("in_time", "early", "immediate")


def _timeliness(active: Mapping[int, Figures], names: _Names) -> dict[str, Any]:
    finished = {pk: one for pk, one in active.items() if one.finished}
    columns = ("organ", "finished", *RATES, "over_promise", "over_legal", "overdue")
    rows: list[Row] = [
        {"organ": names.organ(pk), "finished": finished[pk].finished,
         **{name: _share(finished[pk].rate(name)) for name in RATES},
         "over_promise": finished[pk].over_promise, "over_legal": finished[pk].over_legal,
         "overdue": finished[pk].overdue_at_end}
        for pk in names.by_name(finished)
    ]  # fmt: skip
    total = _sum(finished.values())
    chart = [[names.organ(pk), *finished[pk].rate("in_time")] for pk in names.by_name(finished) if finished[pk].timed]
    return {
        "facts": {"finished": total.finished, **{name: _share(total.rate(name)) for name in RATES}},
        "tables": [_table("rates", columns, rows)],
        "charts": [{"code": "in_time", "rows": chart}],
    }


def _by_organ(cards: Mapping[tuple[int, str, str], int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for (organ_id, _, level), number in cards.items():
        own = found.setdefault(organ_id, dict.fromkeys(LEVELS, 0))
        if level in own:
            own[level] += number
    return found


def _cards(
    month: Month,
    cards: Mapping[tuple[int, str, str], int],
    before: Mapping[tuple[int, str, str], int],
    names: _Names,
) -> dict[str, Any]:
    rules: dict[str, dict[str, int]] = {}
    for (_, code, level), number in cards.items():
        own = rules.setdefault(code, dict.fromkeys(LEVELS, 0))
        if level in own:
            own[level] += number
    told = supervision.rules_in_force(month.until)
    by_rule: list[Row] = [
        {"code": code, "rule": _name(told[code].name, told[code].name_en) if code in told else _name(code), **rules[code]}
        for code in sorted(rules)
    ]  # fmt: skip
    now, past = _by_organ(cards), _by_organ(before)
    repeated = [pk for pk, own in now.items() if _costly(own) and _costly(past.get(pk, {}))]
    offenders: list[Row] = [
        {"organ": names.organ(pk), "before": _costly(past[pk]), "now": _costly(now[pk])}
        for pk in names.by_name(repeated)
    ]
    late = [one for one in statistics.figures(month.since, month.until, by=("item_id",)) if _late(one)]
    late.sort(key=lambda one: (-_late(one), one.keys["item_id"]))
    items = {item.pk: item for item in Item.objects.filter(pk__in=[one.keys["item_id"] for one in late[:TOP]])}
    worst: list[Row] = [
        {"item": _name(items[one.keys["item_id"]].name, items[one.keys["item_id"]].name_en), "late": _late(one),
         "timed": one.timed}
        for one in late[:TOP]
    ]  # fmt: skip
    totals = {level: sum(own[level] for own in now.values()) for level in LEVELS}
    chart = [[names.organ(pk), _costly(now[pk]), 0] for pk in names.by_name(now) if _costly(now[pk])]
    return {
        "facts": totals,
        "tables": [
            _table("rules", ("code", "rule", *LEVELS), by_rule),
            _table("late_items", ("item", "late", "timed"), worst),
            _table("repeated", ("organ", "before", "now"), offenders),
        ],
        "charts": [{"code": "cards", "rows": chart}],
    }


def _costly(own: Mapping[str, int]) -> int:
    """Yellow and red: what costs points."""
    return own.get("yellow", 0) + own.get("red", 0)


def _late(one: Figures) -> int:
    return one.over_promise + one.over_legal


def _voice(month: Month, names: _Names) -> dict[str, Any]:
    """Ratings of the month's services, complaints found true, bad ratings not mended in time."""
    rated = {int(key): one for (key,), one in ratings.figures(month.since, month.until).items()}
    complaints = letters.confirmed_complaints(month.since, month.until)
    late, least = rectifications.late_by_organ(month.since, month.until), ratings.least(month.until)
    rows: list[Row] = [
        {"organ": names.organ(pk), "satisfied": _satisfied(own, least), "bad": own.bad.numerator,
         "late_mended": late.get(pk, 0), "complaints": complaints.get(pk, 0)}
        for pk in names.by_name({*rated, *complaints, *late})
        if (own := rated.get(pk, Counts())).rated or pk in complaints or pk in late
    ]  # fmt: skip
    total = sum(rated.values(), Counts())
    facts = {
        "satisfied": _satisfied(total, least), "bad": total.bad.numerator, "late_mended": sum(late.values()),
        "complaints": sum(complaints.values()),
    }  # fmt: skip
    columns = ("organ", "satisfied", "bad", "late_mended", "complaints")
    return {"facts": facts, "tables": [_table("voices", columns, rows)]}


def _satisfied(counts: Counts, least: int) -> dict[str, int] | None:
    """None where so few rated that one would be recognised (国办发〔2019〕51号)."""
    return _share(counts.satisfaction) if may_detail(counts, least) else None


def _disclosure() -> dict[str, Any]:
    rows: list[Row] = [
        {"organ": _name(row.organ_name, row.organ_name_en), "items": row.items,
         "complete": {"n": row.filled, "of": DISCLOSED_ELEMENTS * row.items}}
        for row in catalogue.disclosure_completeness()
    ]  # fmt: skip
    return {
        "tables": [_table("guides", ("organ", "items", "complete"), rows)],
        "waits": [Awaited.DISCLOSURE.value],
    }


def _data(month: Month) -> dict[str, Any]:
    rows: list[Row] = [
        {"code": row.rule_code, "open": row.open, "confirmed": row.confirmed, "dismissed": row.dismissed}
        for row in authenticity.rule_records(month.since, month.until)
    ]
    drawn = authenticity.sampling_result(str(month))
    facts: dict[str, Any] = {"leads": sum(row["open"] + row["confirmed"] + row["dismissed"] for row in rows)}
    if drawn is not None:
        facts |= {"sampled": drawn.files, "looked": drawn.looked_at, "untrue": drawn.untrue}
    return {"facts": facts, "tables": [_table("leads", ("code", "open", "confirmed", "dismissed"), rows)]}


def _problems(
    active: Mapping[int, Figures], cards: Mapping[tuple[int, str, str], int], unanswered: Sequence[Any], names: _Names
) -> dict[str, Any]:
    """Who is asked to put what right: late and overdue cases, red cards, orders without an answer."""
    by_organ = _by_organ(cards)
    waiting: dict[int, int] = {}
    for order in unanswered:
        waiting[order.organ_id] = waiting.get(order.organ_id, 0) + 1
    rows: list[Row] = []
    for pk in names.by_name({*active, *by_organ, *waiting}):
        one = active.get(pk, Figures({}))
        row = {
            "organ": names.organ(pk), "late": _late(one), "overdue": one.overdue_at_end,
            "red": by_organ.get(pk, {}).get("red", 0), "unanswered": waiting.get(pk, 0),
        }  # fmt: skip
        if row["late"] or row["overdue"] or row["red"] or row["unanswered"]:
            rows.append(row)
    return {"tables": [_table("problems", ("organ", "late", "overdue", "red", "unanswered"), rows)]}


def _commendations(
    active: Mapping[int, Figures], cards: Mapping[tuple[int, str, str], int], names: _Names
) -> dict[str, Any]:
    by_organ = _by_organ(cards)
    rows: list[Row] = [
        {"organ": names.organ(pk), "finished": active[pk].finished, "early": _share(active[pk].rate("early"))}
        for pk in names.by_name(active)
        if active[pk].timed >= LEAST_PRAISED
        and active[pk].in_time == active[pk].timed
        and not active[pk].overdue_at_end
        and not _costly(by_organ.get(pk, {}))
    ]
    return {"tables": [_table("praised", ("organ", "finished", "early"), rows)]}


def _published(subject: Subject, month: Month) -> ScoreMonth | None:
    """Scores enter a circular once they are published, never before (§5.6)."""
    found = performance.score_month(subject, month)
    return found if found is not None and found.published else None


def _ranking(month: Month) -> dict[str, Any]:
    row = _published(Subject.ORGAN, month)
    if row is None:
        return {"waits": ["scores"]}
    found = list(Score.objects.filter(month=row).select_related("organ"))
    found.sort(key=lambda one: (one.group_code == "", one.group_code, one.rank or 10_000, one.key))
    past = performance.before(row, [(one.organ_id, None) for one in found])
    rows: list[Row] = []
    for one in found:
        earlier = past.get((one.organ_id, None))
        change = earlier.rank - one.rank if earlier and earlier.rank and one.rank else None
        rows.append(
            {"group": _name(one.group_name, one.group_name_en), "rank": one.rank, "of": one.ranked_of,
             "organ": _name(one.organ.name, one.organ.name_en), "finished": one.finished,
             "total": None if one.total is None else str(one.total), "grade": one.grade, "change": change}
        )  # fmt: skip
    columns = ("group", "rank", "of", "organ", "finished", "total", "grade", "change")
    return {"tables": [_table("ranking", columns, rows)]}


def _people(month: Month) -> dict[str, Any]:
    """Inside only (§5.8): what each officer finished, and in time; no ranks among people."""
    if _published(Subject.OFFICER, month) is None:
        return {"waits": ["staff_scores"]}
    figures = [one for one in statistics.figures(month.since, month.until, by=("person_id",)) if one.finished]
    people = {
        officer.pk: officer
        for officer in Officer.objects.select_related("organ").filter(pk__in=[one.keys["person_id"] for one in figures])
    }
    known = [one for one in figures if one.keys["person_id"] in people]
    known.sort(key=lambda one: (people[one.keys["person_id"]].organ.code, people[one.keys["person_id"]].staff_no))
    rows: list[Row] = []
    for one in known:
        officer = people[one.keys["person_id"]]
        rows.append(
            {"organ": _name(officer.organ.name, officer.organ.name_en), "officer": _name(officer.name),
             "finished": one.finished, "in_time": _share(one.rate("in_time"))}
        )  # fmt: skip
    return {"tables": [_table("people", ("organ", "officer", "finished", "in_time"), rows)]}


def _unanswered(unanswered: Sequence[Any]) -> dict[str, Any]:
    rows: list[Row] = [
        {"number": order.number, "title": _name(order.title), "organ": _name(order.organ.name, order.organ.name_en),
         "due": _day(order.due_on)}
        for order in unanswered
    ]  # fmt: skip
    return {"tables": [_table("orders", ("number", "title", "organ", "due"), rows)]}


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
