"""One shared cast: a small bureau with its window, handlers, reviewer and approvers, two applicants and an item."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.contrib.auth.hashers import make_password

from tests import kept
from zhengtong.base import calendar
from zhengtong.base.parameters.actions import seed as seed_parameters
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.models import Case, DispatchRule
from zhengtong.domains.catalogue import actions as catalogue
from zhengtong.domains.catalogue import queries as catalogue_queries
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry import queries
from zhengtong.domains.registry.models import (
    Account,
    Enterprise,
    Hall,
    Officer,
    Organ,
    Person,
    Post,
    Region,
    Section,
    ServiceWindow,
)
from zhengtong.domains.supervision.actions import seed as seed_rules
from zhengtong.flows import accept, decide, forward, submit
from zhengtong.rules.roles import Role

# Thursday morning before the Mid-Autumn and National Day holidays of 2026, as on the pictured tracking page.
AT = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)
PREPAID = "991021011000"
PASSWORD = "one-password-for-the-cast"


def _documents() -> dict[str, dict]:
    path = Path(catalogue.__file__).parents[2] / "city" / "data" / "commerce_items.json"
    return {row["item_code"][-12:]: row for row in json.loads(path.read_text())}


@dataclass
class Cast:
    """Names follow the pictures: 张敏 at the window, 李军 handles, 王芳 reviews, 赵强 approves."""

    region: Region
    organ: Organ
    section: Section
    officers: dict[str, Officer]
    citizen: Account
    person: Person
    enterprise: Enterprise
    stranger: Account

    def acting(self, name: str, on: date | None = None) -> Acting:
        acting = queries.officer_acting(self.officers[name].account_id, on or AT.date())
        assert acting is not None
        return acting

    @property
    def applicant(self) -> Acting:
        return queries.applicant_acting(self.citizen, self.enterprise)

    @property
    def other(self) -> Acting:
        return queries.applicant_acting(self.stranger)

    def item(self, tail: str = PREPAID) -> Item:
        return Item.objects.get(item_code__endswith=tail)


POSTS = {
    "张敏": ("window", Role.WINDOW),
    "陈静": ("window2", Role.WINDOW),
    "李军": ("handler", Role.HANDLER),
    "周洋": ("handler2", Role.HANDLER),
    "王芳": ("reviewer", Role.REVIEWER),
    "赵强": ("approver", Role.APPROVER),
    "钱慧": ("approver2", Role.APPROVER),
    "孙丽": ("head", Role.SECTION_HEAD),
    "吴涛": ("supervisor", Role.SUPERVISOR),
    "郑凯": ("administrator", Role.ADMINISTRATOR),
    "冯雪": ("editor", Role.CATALOGUE_EDITOR),
    "卫平": ("checker", Role.LEGAL_CHECKER),
    "蒋华": ("manager", Role.CENTRE_MANAGER),
    "罗婉秋": ("guide", Role.HALL_CLERK),
    "何清语": ("letters", Role.LETTER_CLERK),
    "孟守正": ("integrity", Role.INTEGRITY_CLERK),
    "陶莲花": ("village", Role.VILLAGE_CLERK),
}
# Posts that serve the whole organ, whatever section their holder sits in.
WIDE = frozenset(POSTS[name][1] for name in ("张敏", "吴涛", "郑凯", "蒋华", "罗婉秋", "何清语", "孟守正", "陶莲花"))


def account(login: str, name: str, kind: str = Account.CITIZEN) -> Account:
    row = Account(login=login, name=name, kind=kind, created_at=AT)
    row.set_password(PASSWORD)
    row.save()
    return row


def hire(organ: Organ, section: Section | None, name: str, login: str, role: Role) -> Officer:
    officer = Officer.objects.create(
        staff_no=login, name=name, organ=organ, account=account(login, name, Account.OFFICER), version=0
    )
    Post.objects.create(officer=officer, role=role.value, organ=organ, section=section, since=SINCE)
    return officer


def _hire_all(organ: Organ, section: Section) -> dict[str, Officer]:
    """Everybody of POSTS, in three statements; one hash serves all, since the password is one."""
    hashed = make_password(PASSWORD)
    accounts = Account.objects.bulk_create(
        Account(login=login, name=name, kind=Account.OFFICER, created_at=AT, password=hashed)
        for name, (login, _) in POSTS.items()
    )
    officers = Officer.objects.bulk_create(
        Officer(staff_no=account.login, name=account.name, organ=organ, account=account) for account in accounts
    )
    Post.objects.bulk_create(
        Post(officer=officer, role=role.value, organ=organ, section=None if role in WIDE else section, since=SINCE)
        for officer, (_, role) in zip(officers, POSTS.values(), strict=True)
    )
    return {officer.name: officer for officer in officers}


def cast(*items: str) -> Cast:
    """The cast, with the items published that are named by the last twelve characters of their code."""
    catalogue_queries.forget_editions()
    chosen = items or (PREPAID,)
    return kept.once(chosen, lambda: _cast(chosen))


def _cast(items: tuple[str, ...]) -> Cast:
    calendar.seed(at=AT)
    seed_parameters()
    seed_rules(at=AT)
    region = Region.objects.create(code="990100", name="云泽市", name_en="Yunze City", level=3)
    documents = _documents()
    chosen = [documents[tail] for tail in items]
    organ = Organ.objects.create(
        code=chosen[0]["implementing_org"],
        name="云泽市商务局",
        name_en="Yunze Bureau of Commerce",
        short_name="云商",
        region=region,
        consult_phone="0990-1234567",
        complaint_phone="0990-7654321",
        appeal_organ="云泽市人民政府",
        court="云泽市云湖区人民法院",
    )
    section = Section.objects.create(organ=organ, name="市场科", name_en="Market Section")
    officers = _hire_all(organ, section)
    DispatchRule.objects.create(organ=organ, section=section)
    for document in chosen:
        for code in {document["implementing_org"]} - set(Organ.objects.values_list("code", flat=True)):
            Organ.objects.create(code=code, name=f"云泽市机关{code[-4:]}", short_name="云机", region=region)
        publish(document)
    citizen, stranger = account("lin", "林小雨"), account("gao", "高远")
    person = registry.register_person(
        key="person-lin", name="林小雨", id_number="990101199003071233"[:17] + _id_check("99010119900307123"),
        phone="13800000001", account=citizen, fictitious=True, by=SYSTEM, at=AT,
    )  # fmt: skip
    enterprise = registry.register_enterprise(
        uscc=_uscc("91990100MA00000001"[:17]), name="云泽联运商贸有限公司", legal_representative=person,
        fictitious=True, by=SYSTEM, at=AT,
    )  # fmt: skip
    return Cast(region, organ, section, officers, citizen, person, enterprise, stranger)


def hall_of(people: Cast, windows: int = 3) -> list[ServiceWindow]:
    """The centre's hall H01 with numbered windows that serve every organ; 张敏 sits at the first, 陈静 at the second."""
    hall = Hall.objects.create(
        code="H01", name="云泽市政务服务中心", name_en="Yunze Service Centre", region=people.region
    )
    made = [
        ServiceWindow.objects.create(hall=hall, number=str(number), name=f"{number}号综合窗口")
        for number in range(1, windows + 1)
    ]
    for name, window in zip(("张敏", "陈静"), made, strict=False):
        officer = people.officers[name]
        officer.window = window
        officer.save(update_fields=["window"])
    return made


def _id_check(first_17: str) -> str:
    from zhengtong.rules.codes import resident_id_check_character

    return resident_id_check_character(first_17)


def _uscc(first_17: str) -> str:
    from zhengtong.rules.codes import organisation_check_character, uscc_check_character

    body = first_17[:8] + first_17[8:16] + organisation_check_character(first_17[8:16])
    return body + uscc_check_character(body)


def publish(document: dict) -> None:
    version = catalogue.create_draft(document, by=SYSTEM, at=AT)
    catalogue.send_to_check(version.pk, by=SYSTEM, at=AT)
    catalogue.check(version.pk, passed=True, by=SYSTEM, at=AT)
    catalogue.publish(version.pk, by=SYSTEM, at=AT)


def drafted(people: Cast, number: int = 1, tail: str = PREPAID) -> Application:
    """A complete draft of the enterprise, answered by the item's own example answers."""
    from tests.answers import fill

    application = applications.start(
        people.item(tail), uid=UUID(int=number), person=people.person, enterprise=people.enterprise, channel="2",
        account_id=people.citizen.pk, contact_phone="13800000001", by=people.applicant, at=AT,
    )  # fmt: skip
    fill(application, at=AT)
    return application


def submitted(people: Cast, number: int = 1, tail: str = PREPAID, at: datetime = AT) -> Case:
    application = drafted(people, number, tail)
    return submit.submit(application, seen=application.draft_version, by=people.applicant, at=at)


def accepted(people: Cast, number: int = 1, tail: str = PREPAID, at: datetime = AT) -> Case:
    case = submitted(people, number, tail, at)
    return accept.accept(case.number, seen=None, by=people.acting("张敏"), at=at)


def reviewed(people: Cast, number: int = 1, at: datetime = AT) -> Case:
    """With the approver: handled by whoever got it, reviewed by 王芳."""
    case = accepted(people, number, at=at)
    handler = next(name for name, o in people.officers.items() if o.pk == case.holder_id)
    forward.forward(case.number, opinion="材料齐全，符合条件。", seen=None, by=people.acting(handler), at=at)
    return forward.forward(case.number, opinion="同意承办意见。", seen=None, by=people.acting("王芳"), at=at)


def decided(people: Cast, number: int = 1, *, grants: bool = True, at: datetime = AT) -> Case:
    case = reviewed(people, number, at=at)
    approver = next(name for name, o in people.officers.items() if o.pk == case.holder_id)
    return decide.decide(
        case.number, grants=grants, opinion="准予备案。" if grants else "不符合法定条件，理由如下：资金存管协议缺失。",
        seen=None, by=people.acting(approver), at=at,
    )  # fmt: skip
