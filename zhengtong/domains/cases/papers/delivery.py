from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Content, Part


class DeliveryMode(StrEnum):
    DIRECT = "direct"  # 直接送达
    LEFT = "left"  # 留置送达
    POST = "post"  # 邮寄送达
    ELECTRONIC = "electronic"  # 电子送达
    NOTICE = "notice"  # 公告送达


@dataclass(frozen=True, kw_only=True)
class DeliveredPaper(Part):
    needs = ("name", "number")

    name: str
    number: str
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class ServiceReceipt(Content):
    """F-08 送达回证. Leaving a paper needs a witness, electronic delivery the recipient's prior consent, post its number."""

    form: ClassVar = "F-08"
    paper: ClassVar = "service_receipt"
    word: ClassVar = "达"
    needs = ("case_no", "documents", "recipient", "mode", "place", "servers")

    case_no: str
    documents: tuple[DeliveredPaper, ...]
    recipient: str
    recipient_id: str = ""
    mode: DeliveryMode
    place: str  # an address, or the electronic address
    served_at: datetime | None = None  # empty: to be written by hand
    received_by: str = ""
    relation: str = ""  # of the person who took it to the recipient
    servers: tuple[str, ...]
    witnesses: tuple[str, ...] = ()
    consent_on: date | None = None
    tracking_no: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode == DeliveryMode.LEFT and not self.witnesses:
            raise ValueError("ServiceReceipt of a paper left behind lacks witnesses")
        if self.mode == DeliveryMode.ELECTRONIC and self.consent_on is None:
            raise ValueError("ServiceReceipt of an electronic delivery lacks consent_on")
        if self.mode == DeliveryMode.POST and not self.tracking_no.strip():
            raise ValueError("ServiceReceipt of a posted paper lacks tracking_no")
