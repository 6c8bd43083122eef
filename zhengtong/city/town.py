"""The city as a running step finds it: who may act for whom today, who stands in for whom, which case a life became."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zhengtong.base.permission import Acting
from zhengtong.city import answers
from zhengtong.city.accounts import CENTRE_MANAGER
from zhengtong.city.founding import leave_plan
from zhengtong.city.lives import Life, Nature
from zhengtong.city.records import Record, city, item_documents, tail
from zhengtong.city.sheets import Sheets
from zhengtong.domains.applications import queries as applications
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import local_date
from zhengtong.rules.edition import Edition
from zhengtong.rules.roles import Role

CLERKS_FIRST = ("张敏",)  # the demo account at the window sees most of the bureau's cases


class Town:
    def __init__(self, start: datetime) -> None:
        self.leaves = leave_plan(start)
        self.told: dict[str, Record] = {officer["staff_no"]: officer for officer in city().officers}
        self.number_of = {officer["login"]: officer["staff_no"] for officer in city().officers}
        self.staff = {officer.staff_no: officer for officer in registry.officers(limit=10_000)}
        self.staff_no = {officer.pk: number for number, officer in self.staff.items()}
        self.items = {tail(d["item_code"]): catalogue.item_for(d["item_code"]) for d in item_documents()}
        self.organ_code = {tail(d["item_code"]): d["implementing_org"] for d in item_documents()}
        self.sheets = Sheets(start)
        self._accounts: dict[str, Any] = {}
        self._persons: dict[str, Any] = {}
        self._enterprises: dict[str, Any] = {}
        self._acting: dict[tuple[str, date], Acting] = {}
        self._cases: dict[int, Any] = {}

    # --- items ---
    def edition(self, life: Life) -> Edition:
        return self._in_force(life.item)

    def _in_force(self, item: str) -> Edition:
        version_id = self.items[item].current_version_id
        if version_id is None:
            raise LookupError(item)
        return catalogue.edition(version_id)

    def nature(self, item: str) -> Nature:
        edition = self._in_force(item)
        promise = edition.promised_limit.amount if edition.promised_limit else 0
        # 1 is 延长审批, which the approver grants; only the others stop the clock.
        return Nature(edition.case_kind, promise, [p.code for p in edition.special_procedures if p.kind != "1"])

    # --- applicants ---
    def account(self, life: Life) -> Any:
        phone = city().person(life.person)["mobile"]
        if phone not in self._accounts:
            self._accounts[phone] = registry.account_by_phone(phone)
        return self._accounts[phone]

    def person(self, life: Life) -> Any:
        if life.person not in self._persons:
            self._persons[life.person] = registry.person_of(self.account(life).pk)
        return self._persons[life.person]

    def enterprise(self, life: Life) -> Any:
        if not life.enterprise:
            return None
        if life.enterprise not in self._enterprises:
            self._enterprises[life.enterprise] = registry.enterprise_by_code(life.enterprise)
        return self._enterprises[life.enterprise]

    def phone(self, life: Life) -> str:
        """Where the applicant asks to be called."""
        return str(self.person(life).phone)

    def written(self, life: Life, edition: Edition, on: date) -> tuple[dict[str, str], dict[str, Any]]:
        """(situation, answers) of the form."""
        writer = answers.writer(life.chance, on, life.person, life.enterprise)
        chosen = answers.situation(edition, life.chance)
        return chosen, answers.fill(edition, chosen, writer)

    def sheet(self, life: Life, material: str) -> Any:
        """The file handed in for a material."""
        return self.sheets.for_material(material)

    def applicant(self, life: Life) -> Acting:
        return registry.applicant_acting(self.account(life), self.enterprise(life))

    def filer(self, life: Life, at: datetime) -> Acting:
        """Who applied: at a counter it is the clerk who took it in."""
        return self.clerk(life, at) if life.channel == "1" else self.applicant(life)

    # --- officers ---
    def present(self, staff_no: str, at: datetime) -> str:
        """The officer, or on days of leave the AB colleague who stands in."""
        away = self.leaves.get(staff_no)
        if away and away[0] <= local_date(at) <= away[1]:
            return self.number_of[self.told[staff_no]["substitute"]]
        return staff_no

    def acting(self, staff_no: str, at: datetime) -> Acting:
        number, on = self.present(staff_no, at), local_date(at)
        if (number, on) not in self._acting:
            found = registry.officer_acting(self.staff[number].account_id or 0, on)
            if found is None:
                raise LookupError(number)
            self._acting[(number, on)] = found
        return self._acting[(number, on)]

    def clerk_no(self, life: Life) -> str:
        return self._one_of(Role.WINDOW, self.organ_code[life.item], life.counter)

    def clerk(self, life: Life, at: datetime) -> Acting:
        return self.acting(self.clerk_no(life), at)

    def head(self, case: Any, at: datetime) -> Acting:
        section = case.section.name if case.section else None
        return self.acting(self._one_of(Role.SECTION_HEAD, case.organ.code, 0, section), at)

    def manager(self, at: datetime) -> Acting:
        return self.acting(CENTRE_MANAGER, at)

    def colleague(self, section_name: str, organ_code: str, at: datetime) -> Acting:
        """A handler of a section that was asked."""
        return self.acting(self._one_of(Role.HANDLER, organ_code, 0, section_name), at)

    def holder(self, case: Any, at: datetime) -> Acting:
        """Whoever has the case in hand, or stands in for them; LookupError while it lies in a pool."""
        if case.holder_id is None:
            raise LookupError(case.number)
        return self.acting(self.staff_no[case.holder_id], at)

    def _one_of(self, role: Role, organ_code: str, number: int, section_name: str | None = None) -> str:
        able = [
            officer
            for officer in city().officers
            if role.value in officer["roles"]
            and officer["organ"] == organ_code
            and section_name in (None, self._section_name(officer))
        ]
        able.sort(key=lambda officer: officer["name"] not in CLERKS_FIRST)
        return str(able[number % len(able)]["staff_no"])

    def _section_name(self, officer: Record) -> str:
        organ = next(o for o in city().organs if o["code"] == officer["organ"])
        return next((str(s["name"]) for s in organ["sections"] if s["code"] == officer["section"]), "")

    # --- cases ---
    def case(self, life: Life, at: datetime) -> Any:
        """The case of a life as it stands; read again only where this process does not know it."""
        if life.number not in self._cases:
            application = applications.application_for(self.filer(life, at), life.uid)
            self._cases[life.number] = cases.cases_by_numbers([application.case_no])[application.case_no]
        return self._cases[life.number]

    def keep(self, life: Life, case: Any) -> None:
        self._cases[life.number] = case

    def forget_cases(self, numbers: Sequence[int] | None = None) -> None:
        """After the clock itself has acted, or after a step that was undone."""
        for number in list(self._cases) if numbers is None else numbers:
            self._cases.pop(number, None)
