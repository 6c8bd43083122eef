from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Applicant, Content, ItemName, Part


@dataclass(frozen=True, kw_only=True)
class ReceivedMaterial(Part):
    needs = ("name", "form")

    name: str
    copies: int = 1
    form: str  # 原件, 复印件, 电子文件, 数据共享 …
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptSlip(Content):
    """F-00 收件凭证: proof of what was handed in and when. It is not yet acceptance.

    `reply_by` is the last day of the five working days in which the organ must speak (行政许可法 32(1)(4)).
    """

    form: ClassVar = "F-00"
    paper: ClassVar = "receipt_slip"
    word: ClassVar = "收"
    needs = ("applicant", "item", "case_no", "received_at", "receiver", "materials", "contacts")

    case_no: str
    applicant: Applicant
    item: ItemName
    received_at: datetime
    channel: str = "网上提交"
    receiver: str  # an officer's name, or 云泽市政务服务平台（自动接收）
    reply_by: date | None = None
    materials: tuple[ReceivedMaterial, ...]
