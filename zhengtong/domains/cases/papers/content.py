"""What all papers share: who speaks, to whom, about which item, until when, and where to complain."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

_BEIJING = timezone(timedelta(hours=8))  # papers carry the time of the place, which keeps no summer time


class Part:
    """A frozen group of facts; `needs` names the fields without which it may not be printed."""

    needs: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for name in self.needs:
            value = getattr(self, name)
            if value is None or value == () or (isinstance(value, str) and not value.strip()):
                raise ValueError(f"{type(self).__name__} lacks {name}")


@dataclass(frozen=True, kw_only=True)
class Applicant(Part):
    """`id_number` stands in full: the paper goes to the applicant and to the file, never to a list."""

    needs = ("name", "id_number")

    name: str
    id_label: str = "统一社会信用代码"
    id_number: str
    proxy: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemName(Part):
    needs = ("name", "code")

    name: str
    code: str
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class LimitLine(Part):
    """A limit and its last lawful day. Amount 0: on the spot. `provisional`: a year without a holiday notice (暂定)."""

    needs = ("unit",)

    amount: int
    unit: str  # working_day, calendar_day
    due_on: date | None = None
    provisional: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit not in ("working_day", "calendar_day") or self.amount < 0:
            raise ValueError(f"not a limit: {self.amount} {self.unit}")


@dataclass(frozen=True, kw_only=True)
class Contacts(Part):
    needs = ("consult", "complaint")

    consult: str
    complaint: str
    officer: str = ""


@dataclass(frozen=True, kw_only=True)
class Remedies(Part):
    """Where a "no" can be taken: reconsideration within 60 days, court within 6 months (行政复议法 20, 行政诉讼法 46)."""

    needs = ("organ", "court")

    organ: str
    court: str


@dataclass(frozen=True, kw_only=True)
class AcceptedMaterial(Part):
    """A material accepted; with `deferred_until` it was accepted without it (容缺) on a signed commitment."""

    needs = ("name",)

    name: str
    copies: int = 1
    form: str = "电子"
    deferred_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class NotCounted(Part):
    """Time that is not part of the limit, and the article that says so."""

    needs = ("name", "basis")

    name: str
    basis: str
    expected: str = ""


@dataclass(frozen=True, kw_only=True)
class Content(Part):
    """The common part of every paper. `organ` is the full name in the red head; `seal` the purpose on the seal.

    `demo` marks seal and foot as without legal effect. `english` adds a block for reference; the Chinese text prevails.
    """

    form: ClassVar[str] = ""  # F-00 … F-13 of domain-rules §3.2; empty for registers and guides
    paper: ClassVar[str] = ""  # name of the template
    word: ClassVar[str] = ""  # 字 in the number: （云商）受字〔2026〕第00417号

    organ: str
    issued_on: date
    number: str = ""
    organ_en: str = ""
    seal: str = "行政审批专用章"
    demo: bool = True
    english: bool = False
    verify_url: str = ""
    query_code: str = ""
    contacts: Contacts | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("organ", "issued_on", "seal", *(("number",) if self.word else ())):
            if not getattr(self, name):
                raise ValueError(f"{type(self).__name__} lacks {name}")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data: what is frozen with the case and what the template reads."""
        plain: dict[str, Any] = as_plain(self)
        return {"form": self.form, "paper": self.paper, **plain}


def as_plain(value: Any) -> Any:
    """JSON of a part: dates as ISO text, times as minutes of the place, amounts as decimal text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(_BEIJING).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [as_plain(one) for one in value]
    return value
