"""The papers applicants hand in: a handful of small files, each marked as invented, shared by all applications."""

import io
from datetime import datetime
from functools import lru_cache
from typing import Any

from zhengtong.base.files.store import store
from zhengtong.base.papers import render

TEMPLATE = "city/data/sheet.typ"

# Which sheet stands for a material, by a word of its name; the last is for all that no word names.
SHEETS = (
    ("合同", "合同（演示）", "甲乙双方就有关事项订立本合同。内容为演示编造，不具有任何效力。"),
    ("协议", "协议书（演示）", "双方就合作事项达成协议。内容为演示编造，不具有任何效力。"),
    ("报表", "经审计的财务报表（演示）", "资产总计、负债合计、营业收入、净利润等数字均为演示编造。"),
    ("章程", "公司章程（演示）", "第一条 为规范公司的组织和行为，制定本章程。内容为演示编造。"),
    ("制度", "管理制度（演示）", "岗位职责、操作规范、应急处置与档案保存。内容为演示编造。"),
    ("照片", "照片页（演示）", "此处为近期正面免冠照片。演示件不含任何人的影像。"),
    ("图", "图纸（演示）", "总平面布置与设备位置示意。内容为演示编造。"),
    ("证", "证明文件（演示）", "兹证明所载事项属实。本证明为演示编造，不具有任何效力。"),
    ("", "申请材料（演示）", "材料内容为演示编造，仅用于展示上传、查看和审核。"),
)


class Sheets:
    """The stored files, made when first asked for."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.stored: dict[str, Any] = {}

    def for_material(self, name: str) -> Any:
        word, title, text = next(sheet for sheet in SHEETS if sheet[0] in name)
        if word not in self.stored:
            self.stored[word] = store(io.BytesIO(_drawn(title, text)), f"{title}.pdf", at=self.at)
        return self.stored[word]


@lru_cache(maxsize=len(SHEETS))
def _drawn(title: str, text: str) -> bytes:
    return render(TEMPLATE, {"title": title, "text": text})
