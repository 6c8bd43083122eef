"""A month of figures for tests of scores and circulars: sums as statistics would have counted them, and cards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.people import AT, SINCE, Cast, account
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.performance.actions import tables
from zhengtong.domains.ratings.actions import count_ratings, give, open_node
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.registry.models import Officer, Organ, Post
from zhengtong.domains.statistics.models import Fact
from zhengtong.domains.statistics.sums import Place
from zhengtong.domains.supervision import actions as supervision
from zhengtong.domains.supervision.models import Card
from zhengtong.rules.clock import Level
from zhengtong.rules.roles import Role
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.supervision.findings import Evidence, Finding

SEPTEMBER = Month(2026, 9)  # AT lies in it; locked on 13 October, published from the 20th
LOCKED = AT + timedelta(days=20)  # 14 October
PUBLISHED = AT + timedelta(days=26)  # 20 October


def organ(people: Cast, number: int) -> Organ:
    found, _ = Organ.objects.get_or_create(
        code=f"91990100MB0000010{number}",
        defaults={"name": f"云泽市第{number}局", "name_en": f"Yunze Bureau {number}", "short_name": f"云{number}", "region": people.region},
    )  # fmt: skip
    return found


def figures(organ_id: int, *, finished: int, in_time: int, early: int = 0, month: Month = SEPTEMBER, person: int = 0):
    """Sums of one organ's month, and of one officer's, as `count_facts` leaves them."""
    sums = {
        "received": finished, "finished": finished, "timed": finished, "in_time": in_time, "promised": finished,
        "early": early, "over_promise": finished - in_time,
    }  # fmt: skip
    for cut, key in (("organ", ""), *((("person", str(person)),) if person else ())):
        place = Place("M", month.since, cut, organ_id, key)
        Fact.objects.create(id=place.id, **place._asdict(), **sums)


def group(*organs: Organ, code: str = "lawful", name: str = "执法类部门") -> None:
    tables.keep_group(
        code, name=name, name_en="Enforcement bodies", organ_codes=[one.code for one in organs], by=SYSTEM, at=AT
    )


def card(
    organ_id: int, key: str, *, rule: str = "T-02", level: Level = Level.YELLOW, officer: int | None = None
) -> Card:
    found = supervision.raise_card(
        Finding(rule, level, "case", key, organ_id=organ_id, section_id=None, officer_id=officer,
                evidence=(Evidence("case", key, 1),), facts={"due": "2026-09-20"}),
        by=SYSTEM, at=AT,
    )  # fmt: skip
    assert found is not None
    return found


def head_of(people: Cast, where: Organ, name: str, login: str) -> Officer:
    """The 首席代表 of another organ, who reads its reports."""
    officer = Officer.objects.create(staff_no=login, name=name, organ=where, account=account(login, name, "officer"))
    Post.objects.create(officer=officer, role=Role.APPROVER.value, organ=where, since=SINCE)
    people.officers[name] = officer
    return officer


def rated(
    organ_id: int, levels: Sequence[int], *, officer: int | None = None, account: int | None = None, at: datetime = AT
) -> list[Rating]:
    """One service and its rating for each level, the facts counted."""
    found = []
    for number, level in enumerate(levels):
        node = open_node(
            "letter", ("letter", f"{organ_id}-{officer}-{at:%Y%m%d}-{number}"), organ_id=organ_id, officer_id=officer,
            account_id=account, opened_at=at, by=SYSTEM, at=at,
        )  # fmt: skip
        found.append(give(node, level=level, channel="mobile", real_name=False, by=SYSTEM, at=at))
    counted(at)
    return found


def counted(at: datetime = AT) -> None:
    while count_ratings(at=at):
        pass


def month_of_three(people: Cast) -> tuple[Organ, Organ, Organ]:
    """Commerce (36 of 40 in time), and two others of its group; officers of commerce among them."""
    first, second, third = people.organ, organ(people, 2), organ(people, 3)
    figures(first.pk, finished=40, in_time=36, early=10, person=people.officers["李军"].pk)
    figures(second.pk, finished=50, in_time=50)
    figures(third.pk, finished=60, in_time=30)
    group(first, second, third)
    return first, second, third
