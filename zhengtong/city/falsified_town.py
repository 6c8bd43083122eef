"""A throw-away city with departments enough to compare: each has items of its own, and people nobody has met."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from django.db import transaction

from zhengtong.base.files.store import store_own
from zhengtong.city import answers, catalogue, founding
from zhengtong.city.accounts import PASSWORD
from zhengtong.city.founding import FOUNDER
from zhengtong.city.lives import Life
from zhengtong.city.records import Record, city, item_documents, tail
from zhengtong.city.town import Town
from zhengtong.domains.catalogue import queries as items
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry import founding as ground
from zhengtong.domains.registry import queries
from zhengtong.domains.registry.founding import AccountRow
from zhengtong.rules.codes import organisation_check_character, resident_id_check_character, uscc_check_character
from zhengtong.rules.edition import Edition

# What a department handles here: copies of the city's items, by their tails. 033 is for persons, all others for firms.
ID_CARD, RECYCLER, FREIGHT, LICENCE = "033", "013", "025", "020"
BUILDING, FAIR, PETROL = "035", "028", "008"
TEMPLATES = (ID_CARD, RECYCLER, FREIGHT, LICENCE, BUILDING, FAIR, PETROL)
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("安然", "博文", "晨曦", "丹青", "恩泽", "芳菲", "广源", "浩然", "佳音", "锦程", "可心", "乐山", "明远", "宁静")
TRADES = ("商贸", "餐饮", "建材", "物流", "食品", "机电", "纺织", "园艺")
STAFF_PHONES = ("15409000001", "15409000002", "15409000003")


@dataclass
class PaperLife(Life):
    """`paper`: applications of one paper say the same and bring the same files. `part`: rows of their own, though."""

    paper: str = ""
    part: int = 0
    call: str = ""  # a phone that is not the applicant's


@dataclass(frozen=True)
class Folk:
    """People and firms of this city, by their keys."""

    persons: Sequence[Record]
    firms: Sequence[Record]
    by_key: dict[str, Record] = field(default_factory=dict)


def invented(seed: str, persons: int, firms: int) -> Folk:
    chance = Random(f"{seed}:folk")  # noqa: S311  (a story, no secret)
    people = [_person(number, chance) for number in range(1, persons + 1)]
    houses = [_firm(number, people[(number * 7) % persons], chance) for number in range(1, firms + 1)]
    return Folk(people, houses, {one["key"]: one for one in people} | {one["uscc"]: one for one in houses})


def _person(number: int, chance: Random) -> Record:
    born = date(1960, 1, 1) + timedelta(days=chance.randrange(16_000))
    body = f"990101{born:%Y%m%d}{number % 1000:03d}"
    return {
        "key": f"f{number}",
        "name": chance.choice(FAMILY_NAMES) + chance.choice(GIVEN),
        "id_number": body + resident_id_check_character(body),
        "mobile": f"15401{number:06d}",
        "address": f"云泽市泽川区松溪路{number}号",
        "email": f"f{number}@example.cn",
    }


def _firm(number: int, legal: Record, chance: Random) -> Record:
    middle = f"MF{number:06d}"
    body = "91990101" + middle + organisation_check_character(middle)
    return {
        "uscc": body + uscc_check_character(body),
        "name": f"云泽第{number}{chance.choice(TRADES)}有限公司",
        "address": f"云泽市云湖区临江路{number}号",
        "registered_capital": f"{chance.randrange(1, 90)}00000.00",
        "legal_representative": city().persons[0]["key"],  # as forms print it; the owner signs in below
        "owner": legal["key"],
        "industry": "零售",
        "phone": "0980-6612345",
    }


@dataclass(frozen=True)
class Agent:
    key: str
    firms: Sequence[str]


class FalsifiedTown(Town):
    """Its items are called by organ and template."""

    def __init__(self, seed: str, start: datetime, folk: Folk, organs: Sequence[str]) -> None:
        super().__init__(start)
        self.folk, self.seed = folk, seed
        for document in (*documents(organs), *item_documents()):
            key = key_of(document["implementing_org"], tail(document["item_code"]))
            self.items[key] = items.item_for(document["item_code"])
            self.organ_code[key] = document["implementing_org"]
        self._accounts = {p["mobile"]: queries.account_by_phone(p["mobile"]) for p in folk.persons}
        self._files: dict[str, Any] = {}
        self._written_on: dict[str, date] = {}  # the same paper bears the same dates

    @cached_property
    def agents(self) -> list[Agent]:
        """Three who act for many, under mandates on record."""
        firms = [firm["uscc"] for firm in self.folk.firms]
        return [Agent(self.folk.persons[n]["key"], firms[n * 20 : n * 20 + 20]) for n in range(3)]

    def account(self, life: Life) -> Any:
        return self.account_of(life.person)

    def account_of(self, person: str) -> Any:
        return self._accounts[self.folk.by_key[person]["mobile"]]

    def phone(self, life: Life) -> str:
        return (isinstance(life, PaperLife) and life.call) or super().phone(life)

    def written(self, life: Life, edition: Edition, on: date) -> tuple[dict[str, str], dict[str, Any]]:
        paper = life.paper if isinstance(life, PaperLife) and life.paper else f"{life.uid}"
        chance = Random(f"{self.seed}:{paper}")  # noqa: S311
        on = self._written_on.setdefault(paper, on)
        firm = self.folk.by_key[life.enterprise] if life.enterprise else None
        chosen = answers.situation(edition, chance)
        filled = answers.fill(edition, chosen, answers.Writer(chance, on, self.folk.by_key[life.person], firm))
        if isinstance(life, PaperLife) and life.part:
            own = Random(f"{self.seed}:{paper}:{life.part}")  # noqa: S311
            other = answers.fill(edition, chosen, answers.Writer(own, on, self.folk.by_key[life.person], firm))
            filled |= {s.code: other[s.code] for s in edition.form.sections if s.repeat and s.code in other}
        return chosen, filled

    def sheet(self, life: Life, material: str) -> Any:
        """Every application brings files of its own; a second one of the same paper brings the same again."""
        paper = life.paper if isinstance(life, PaperLife) and life.paper else f"{life.uid}"
        text = f"{self.seed} {paper} {material}"
        if text not in self._files:
            self._files[text] = store_own(f"%PDF-1.4\n% {text}\n%%EOF\n".encode(), "application/pdf", at=self.sheets.at)
        return self._files[text]


def organs_of(seed: str) -> list[str]:
    """Departments that can handle a case by themselves, in an order of the seed's."""
    codes = [organ["code"] for organ in city().organs if _staffed(organ)]
    Random(f"{seed}:organs").shuffle(codes)  # noqa: S311
    return codes


def key_of(organ: str, template: str) -> str:
    return f"{organ}/{template}"


def _staffed(organ: Record) -> bool:
    """Has in its first section whoever a case needs; the centre itself handles nothing."""
    first = organ["sections"][0]["code"] if organ["sections"] else None
    own = [o for o in city().officers if o["organ"] == organ["code"]]
    bound = {role for o in own for role in o["roles"] if o["section"] == first or role in ("window", "approver")}
    needed = {"window", "handler", "reviewer", "approver", "section_head"}
    return needed <= bound and not organ["is_centre"] and any("catalogue_editor" in o["roles"] for o in own)


def documents(organs: Sequence[str]) -> list[Record]:
    """The templates as each organ's own items: their codes begin with the organ's."""
    found = []
    for template in (d for d in item_documents() if tail(d["item_code"]) in TEMPLATES):
        for organ in organs:
            if organ != template["implementing_org"]:
                codes = {
                    name: organ + template[name][len(organ) :] for name in ("item_code", "impl_code", "handling_code")
                }
                found.append({**template, **codes, "implementing_org": organ})
    return found


@transaction.atomic
def found_city(seed: str, start: datetime, folk: Folk) -> None:
    """The demo city's organs and officers, items for every department, and the people of this seed."""
    at = start - founding.AGE
    ground.open_accounts(_staff_with_phones(), password=PASSWORD, at=at)
    founding.found(start, lambda _: None)
    accounts = ground.open_accounts(
        [AccountRow(p["mobile"], p["name"], "citizen", p["mobile"], p["email"]) for p in folk.persons],
        password=PASSWORD, at=at,
    )  # fmt: skip
    persons = {
        told["key"]: registry.register_person(
            key=told["key"], name=told["name"], id_number=told["id_number"], phone=told["mobile"],
            account=accounts[told["mobile"]], fictitious=True, by=FOUNDER, at=at,
        )
        for told in folk.persons
    }  # fmt: skip
    for told in folk.firms:
        registry.register_enterprise(
            uscc=told["uscc"], name=told["name"], address=told["address"],
            legal_representative=persons[told["owner"]], fictitious=True, by=FOUNDER, at=at,
        )  # fmt: skip


def _staff_with_phones() -> list[AccountRow]:
    """Some officers sign in with a phone on record."""
    clerks = [o for o in city().officers if "window" in o["roles"]]
    return [
        AccountRow(clerk["staff_no"], clerk["name"], "officer", phone)
        for clerk, phone in zip(clerks[3::7], STAFF_PHONES, strict=False)
    ]


def give_mandates(town: FalsifiedTown, start: datetime) -> None:
    at = start - founding.AGE
    for agent in town.agents:
        person = queries.person_of(town.account_of(agent.key).pk)
        for uscc in agent.firms:
            firm = queries.enterprise_by_code(uscc)
            giver = firm.legal_representative if firm else None
            if person is None or firm is None or giver is None or giver.account is None or giver.pk == person.pk:
                continue
            registry.give_mandate(
                key=f"{agent.key}-{uscc}", agent=person, enterprise=firm, principal=None, since=at.date(),
                until=at.date() + timedelta(days=730), scope="代为申请政务服务事项",
                by=queries.applicant_acting(giver.account, firm), at=at,
            )  # fmt: skip


def publish(start: datetime, organs: Sequence[str]) -> None:
    catalogue.publish_items(start, lambda _: None)
    catalogue.publish_items(start, lambda _: None, documents(organs))
    catalogue.set_dispatch_rules(start)
