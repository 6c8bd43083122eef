from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Content, Part


@dataclass(frozen=True, kw_only=True)
class RegisterRow(Part):
    """A line of the register; what has not happened yet is empty. Names stand as the list's reader may see them."""

    needs = ("case_no", "received_on", "applicant", "item")

    case_no: str
    received_on: date
    applicant: str
    item: str
    kind: str = ""
    accepted_on: date | None = None
    paper_no: str = ""
    due_on: date | None = None
    officer: str = ""
    finished_on: date | None = None
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptanceRegister(Content):
    """受理登记册 (一册 of the 一册一书二单): every case received in a period, in the order of receipt. Landscape."""

    paper: ClassVar = "acceptance_register"
    needs = ("since", "until")

    since: date
    until: date
    window: str = ""
    rows: tuple[RegisterRow, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.until < self.since:
            raise ValueError("AcceptanceRegister ends before it starts")
