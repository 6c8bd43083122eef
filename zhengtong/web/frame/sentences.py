"""One sentence for each refusal code, in the words of the person who meets it: what happened, and what to do now.

The Chinese sentence is the message id; its English twin stands in `locale/en`. `%(name)s` takes a fact of the refusal.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.dates import day_words, moment_words

SENTENCES: dict[RefusalCode, Promise | str] = {
    # calendar and clock
    RefusalCode.CALENDAR_YEAR_OUT_OF_RANGE: _(
        "年份 %(year)s 不在可用范围内。请填写 %(first)s 年至 %(last)s 年之间的日期。"
    ),
    RefusalCode.CALENDAR_NOTICE_EMPTY: _("%(year)s 年的放假安排里没有任何日期。请填写放假和调休日期后再保存。"),
    RefusalCode.CALENDAR_NOTICE_INCOMPLETE: _(
        "%(year)s 年的放假安排缺少%(festival)s。请对照国务院办公厅通知补全后再保存。"
    ),
    RefusalCode.CALENDAR_DATE_OUTSIDE_NOTICE: _(
        "%(date)s不属于 %(year)s 年的放假安排。请核对日期，或把它放到正确的年份。"
    ),
    RefusalCode.CALENDAR_DATE_TWICE: _("%(date)s在 %(year)s 年的放假安排里出现了两次。请删去其中一条。"),
    RefusalCode.CALENDAR_DATE_CLAIMED: _(
        "%(date)s已列在 %(other_year)s 年的放假安排里，不能再列入 %(year)s 年。请核对两年的通知。"
    ),
    RefusalCode.CALENDAR_MAKE_UP_ON_WORKDAY: _("%(date)s本来就是工作日，不需要调休上班。请核对日期。"),
    RefusalCode.CALENDAR_MAKE_UP_ON_STATUTORY_DAY: _(
        "%(date)s是法定节日（%(name)s），不能安排调休上班。请核对日期。"
    ),
    RefusalCode.CALENDAR_KIND_DOES_NOT_FIT: _(
        "%(date)s不能标为“%(kind)s”：它与这一天是否为周末不符。请核对日期和类别。"
    ),
    RefusalCode.CALENDAR_FILE_UNREADABLE: _("文件 %(file)s 第 %(line)s 行读不懂。请按样表的格式改好后再导入。"),
    RefusalCode.CLOCK_PAUSE_BACKWARDS: _("暂停的结束日期（%(until)s）早于开始日期（%(since)s）。请改正日期。"),
    RefusalCode.CLOCK_LIMIT_OUT_OF_RANGE: _("期限 %(amount)s 日超出范围。请填写 0 到 %(most)s 之间的天数。"),
    RefusalCode.CLOCK_MOMENT_MISSING: _("这个期限以外部给定的时刻为准，但没有给出时刻。请补上截止时刻。"),
    # identifiers
    RefusalCode.CODE_USCC_LENGTH: _(
        "统一社会信用代码应为 18 位，您填写了 %(length)s 位。请对照营业执照右上角的代码改正。"
    ),
    RefusalCode.CODE_USCC_CHARACTER: _(
        "统一社会信用代码第 %(position)s 位的“%(character)s”不可能出现。代码不用字母 I、O、S、V、Z，请看是不是把数字看成了字母。"
    ),
    RefusalCode.CODE_USCC_CHECK: _("统一社会信用代码的校验位不对，多半是某一位写错了。请对照营业执照逐位核对。"),
    RefusalCode.CODE_RESIDENT_ID_FORM: _("身份证号码应为 17 位数字加 1 位校验码（数字或 X）。请对照身份证改正。"),
    RefusalCode.CODE_RESIDENT_ID_REGION: _("身份证号码的前两位“%(region)s”不是省级行政区划代码。请对照身份证改正。"),
    RefusalCode.CODE_RESIDENT_ID_BIRTH: _(
        "身份证号码里的出生日期不存在或晚于今天。请对照身份证第 7 至 14 位改正。"
    ),
    RefusalCode.CODE_RESIDENT_ID_CHECK: _("身份证号码的校验位不对，多半是某一位写错了。请对照身份证逐位核对。"),
    RefusalCode.CODE_MOBILE_FORM: _("手机号应为 11 位数字，以 1 开头。请改正。"),
    RefusalCode.CODE_IMPL_FORM: _("“%(value)s”不是实施编码。实施编码为 31 位数字和字母，请对照事项清单改正。"),
    RefusalCode.NUMBER_PART_INVALID: _(
        "编号的“%(part)s”部分不能是“%(value)s”。请联系系统管理员核对机构代字和区划代码。"
    ),
    RefusalCode.NUMBER_SERIAL_EXHAUSTED: _("当日编号已用到 %(serial)s，超过上限 %(most)s。请联系系统管理员。"),
    # text
    RefusalCode.TEXT_REQUIRED: _("这一项必须填写。"),
    RefusalCode.TEXT_TOO_LONG: _("内容太长：最多 %(most)s 个字，现在有 %(length)s 个。请删减。"),
    RefusalCode.TEXT_CONTROL_CHARACTER: _(
        "第 %(position)s 个字是看不见的控制字符（%(character)s）。请删去它，或重新手工输入这一段。"
    ),
    RefusalCode.TEXT_LINE_BREAK: _("这一项只能写一行。请删去换行。"),
    # files
    RefusalCode.FILE_EMPTY: _("这个文件是空的。请检查原文件后重新选择。"),
    RefusalCode.FILE_TOO_LARGE: _("文件超过 %(most)s MB。请压缩图片、降低扫描分辨率，或分成几个文件上传。"),
    RefusalCode.FILE_KIND_NOT_ALLOWED: _(
        "不能上传“%(ending)s”类型的文件。请转成%(allowed)s格式后再上传；多份材料请逐个上传，不要打包。"
    ),
    RefusalCode.FILE_CONTENT_DIFFERS: _(
        "文件名说是 %(ending)s，内容却是另一种（%(actual)s）。改名不能改变格式：请用原软件另存为 PDF 或 JPG 后上传。"
    ),
    RefusalCode.FILE_OLD_OFFICE: _(
        "这是旧版 Office 文件（.doc、.xls），其中可能带有宏。请打开后另存为 .docx、.xlsx 或 PDF 再上传。"
    ),
    RefusalCode.FILE_DAMAGED: _("文件不完整或已损坏，打不开。请先在自己的电脑上打开确认，再重新保存并上传。"),
    RefusalCode.FILE_ENCRYPTED: _(
        "文件设有密码或加密，工作人员打不开，也无法归档。请取消密码，或打印成新的 PDF 后上传。"
    ),
    RefusalCode.FILE_ACTIVE: _("文件里带有宏、脚本或程序，不能接收。请打印成新的 PDF（内容不变），再上传。"),
    RefusalCode.FILE_EXPANDS: _("文件展开后过大或层层嵌套，不能接收。请删去多余的内嵌文件，或打印成 PDF 后上传。"),
    RefusalCode.FILE_IMAGE_TOO_LARGE: _(
        "图片太大（%(width)s × %(height)s），最多 %(most)s 百万像素。请把图片缩小，A4 扫描用 300 dpi 就够了。"
    ),
}


def sentence(refusal: Refusal) -> str:
    """The sentence in the active language, with its facts in that language's dates."""
    return str(SENTENCES[refusal.code]) % defaultdict(str, {name: _said(fact) for name, fact in refusal.facts.items()})


def _said(fact: object) -> str:
    if isinstance(fact, datetime):
        return moment_words(fact)
    if isinstance(fact, date):
        return day_words(fact)
    if isinstance(fact, Enum):
        return str(fact.value)
    if isinstance(fact, Iterable) and not isinstance(fact, str):
        return "、".join(_said(part) for part in fact)
    return str(fact)
