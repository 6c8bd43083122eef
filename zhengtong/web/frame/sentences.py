"""One sentence for each refusal code, in the words of the person who meets it: what happened, and what to do now.

The Chinese sentence is the message id; its English twin stands in `locale/en`. `%(name)s` takes a fact of the refusal.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.dates import day_words, in_english, moment_words
from zhengtong.web.frame.language import marked

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
    RefusalCode.CALENDAR_MAKE_UP_ON_STATUTORY_DAY: _("%(date)s是法定节日（%(name)s），不能安排调休上班。请核对日期。"),
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
    RefusalCode.CODE_RESIDENT_ID_BIRTH: _("身份证号码里的出生日期不存在或晚于今天。请对照身份证第 7 至 14 位改正。"),
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
    RefusalCode.FILE_NOT_CHOSEN: _("还没有选择文件。请先选择文件，再按上传。"),
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
    RefusalCode.NOT_FOUND: _("没有找到您要的内容，或者它不属于您。请核对编号，或从列表里重新打开。"),
    RefusalCode.STALE: _(
        "您打开页面以后，%(actor)s 已经办理了这一件（%(at)s）。您填的内容没有丢失，请刷新页面看看现在的情况再办。"
    ),
    RefusalCode.PERMISSION_MISSING: _("您现在的岗位不能办这一步。请由有此岗位的同事办理，或请管理员安排岗位。"),
    RefusalCode.DATES_REVERSED: _("结束日期早于开始日期。请把两个日期改过来。"),
    RefusalCode.REASON_TOO_SHORT: _("理由至少要写 %(least)s 个字，让当事人看得明白。请补充事实和依据。"),
    RefusalCode.MESSAGE_NOT_DEAD: _("这条消息不在失败清单里，不用重发。"),
    RefusalCode.MESSAGE_TEMPLATE_BROKEN: _("这句话里的花括号写得不对：“%(sentence)s”。每一对花括号里写一个名称。"),
    RefusalCode.MESSAGE_TEMPLATE_FACT: _("这类消息没有名为“%(name)s”的内容。请从列出的名称里选用。"),
    RefusalCode.MESSAGE_TEMPLATE_EMPTY: _("中文和英文两句话都不能空。请写完整。"),
    RefusalCode.MESSAGE_TEMPLATE_STATE: _("这个模板没有待发布的草稿。请先保存修改再发布。"),
    RefusalCode.MESSAGE_NOT_ON_GUEST_LIST: _("试发只能发给试用名单上的号码或邮箱。请先把它加入名单。"),
    RefusalCode.MESSAGE_LEGAL: _("这是法律要求的告知，不能关闭。请至少保留一种方式。"),
    RefusalCode.MESSAGE_WEBHOOK_ADDRESS: _("回调地址须是 https 开头的公网地址。请改正地址。"),
    RefusalCode.MESSAGE_HOURS: _("时间要写成 22:00 的样子，起止不能相同。请改正。"),
    RefusalCode.PARAMETER_UNKNOWN: _("没有名为“%(key)s”的参数。请从参数清单里选择。"),
    RefusalCode.PARAMETER_BACKDATED: _("参数只能从今天或以后生效，并且要晚于现行数值的生效日。请改生效日期。"),
    RefusalCode.PARAMETER_VALUE: _("数值的类型不对或为负数。请按现行数值的写法填写。"),
    RefusalCode.MANDATE_MISSING: _("您没有这家企业的有效授权。请由法定代表人在“授权委托”里授权，或以本人名义办理。"),
    RefusalCode.MANDATE_NOT_YOURS: _("只有委托人本人（企业为法定代表人）可以办理授权。请由其本人登录后操作。"),
    RefusalCode.MANDATE_TO_ONESELF: _("不用授权给自己。请填写另一位代理人。"),
    RefusalCode.MANDATE_AGENT_UNKNOWN: _(
        "没有找到这个人：姓名和证件号码要一致，对方须先在本平台登记实名信息。请核对后再试。"
    ),
    RefusalCode.IDENTITY_TAKEN: _("这个证件号码已在另一个账户登记。请用那个账户登录，或带证件到窗口核对。"),
    RefusalCode.ENTERPRISE_KNOWN: _("统一社会信用代码 %(uscc)s 已经登记过了。请直接查询使用。"),
    RefusalCode.OFFICER_UNKNOWN: _("没有工号为“%(staff_no)s”的工作人员。请核对工号。"),
    RefusalCode.STAFF_NO_TAKEN: _("工号 %(staff_no)s 已有人使用。请换一个工号。"),
    RefusalCode.POST_TO_ONESELF: _("不能给自己安排岗位。请由另一位管理员办理。"),
    RefusalCode.POST_HELD: _("这位同事已经在这个岗位上了。"),
    RefusalCode.SECTION_OF_OTHER_ORGAN: _("所选科室不属于这个部门。请重新选择科室。"),
    RefusalCode.SUBSTITUTE_ONESELF: _("AB 岗须由另一位同事代理。请重新选择。"),
    RefusalCode.SECTION_EXISTS: _("这个部门已经有名为“%(name)s”的科室。请换一个名称。"),
    RefusalCode.WINDOW_EXISTS: _("%(hall)s已经有 %(number)s 号窗口。请换一个窗口号。"),
    RefusalCode.RULE_OTHER_ORGAN: _("事项 %(item_code)s 不属于这个科室所在的部门。请重新选择事项或科室。"),
    RefusalCode.APPLICATION_STALE: _("这份申请在别处改过（%(saved_at)s）。您刚填的内容还在本页，请核对后再保存一次。"),
    RefusalCode.APPLICATION_CLOSED: _("这份申请已经提交，不能再改。办件编号 %(case_no)s，可在“查进度”里补充说明。"),
    RefusalCode.APPLICATION_INCOMPLETE: _("还有 %(count)s 处没有填好。请按提示补齐后再提交。"),
    RefusalCode.APPLICATION_MATERIAL_UNKNOWN: _("本事项不需要这份材料，没有收下。"),
    RefusalCode.APPLICATION_WRONG_APPLICANT: _("“%(name)s”不受理这一类申请人的申请。请换用个人或企业身份办理。"),
    RefusalCode.MATERIAL_MISSING: _("还没有上传“%(name)s”。请上传这份材料。"),
    RefusalCode.SLIP_UNKNOWN: _("办件编号和查询码对不上。请对照收件凭证再输入一次，或登录后在“我的办件”里查看。"),
    RefusalCode.CASE_WRONG_STATE: _("这一件现在的状态不能办这一步。请刷新页面，按当前环节办理。"),
    RefusalCode.CASE_SAME_PERSON: _("前一环节是您办的，这一环节必须由另一位同事办理。请转交。"),
    RefusalCode.CASE_NOT_IN_HAND: _("这一件现在由%(holder)s办理，不在您手里。需要代办时请先办 AB 岗或转交。"),
    RefusalCode.CASE_NOT_REPORTED: _("只有上报件可以上报。请在本机关作出决定。"),
    RefusalCode.VALIDITY_PAST: _("有效期要在作出决定的日子（%(on)s）以后。请改正，长期有效的留空。"),
    RefusalCode.SUPPLEMENT_EMPTY: _("补正告知书至少要写一项。请写明哪份材料、什么问题、怎么改。"),
    RefusalCode.SUPPLEMENT_TWICE: _(
        "一次性告知已经发过，首次就能看出的问题不能再次要求补正（行政许可法第三十二条）。请受理，或作出不予受理决定。"
    ),
    RefusalCode.SUPPLEMENT_NOTHING: _("还没有上传补正的材料。请按告知书逐项上传后再提交。"),
    RefusalCode.WITNESS_MISSING: _("留置送达要有见证人，并写明拒收的事由。请把两项填上。"),
    RefusalCode.TRACKING_NO_MISSING: _("邮寄送达要填邮件号码，申请人才能查到。请补填。"),
    RefusalCode.RECALL_NOT_YOURS: _("只能撤回自己刚转出、对方还没有办理的件。"),
    RefusalCode.RECALL_TOO_LATE: _("转出已超过 %(minutes)s 分钟，不能撤回。请联系现在的经办人退回。"),
    RefusalCode.CONSULTATION_OPEN: _("已经向%(section)s征求意见，还没有答复。请等答复或催促。"),
    RefusalCode.CONSULTATION_ANSWERED: _("这条征求意见已经答复过了。"),
    RefusalCode.EXTENSION_DAYS: _("延长最多 %(most)s 个工作日（行政许可法第四十二条）。请改天数。"),
    RefusalCode.EXTENSION_TOO_LATE: _("法定期限已过或已暂停，不能再延长。延长须在期限届满前批准。"),
    RefusalCode.EXTENSION_TWICE: _("已经延长过一次，不能再延长（行政许可法第四十二条）。"),
    RefusalCode.VOID_NOT_PROPOSED: _("作废须先由一人提出、再由另一人确认。请先提出并写明理由。"),
    RefusalCode.VOID_SAME_PERSON: _("作废须由另一人确认，提出的人不能自己确认。"),
    RefusalCode.SPECIAL_ALREADY: _("已经是特办件，不用再提请。"),
    RefusalCode.SPECIAL_ASKED: _("已经提请特办，等中心负责人审批。"),
    RefusalCode.SPECIAL_NOT_ASKED: _("没有待审批的特办提请。请刷新页面，看看现在的情况。"),
    RefusalCode.SPECIAL_SAME_PERSON: _("特办须由另一人批准，提请的人不能自己批准。"),
    RefusalCode.SPECIAL_DAYS: _(
        "特办时限最多 %(most)s 天，不超过承诺时限的一半，并且要早于承诺的截止日。请改写天数；最多 0 天的，不写天数。"
    ),
    RefusalCode.URGED_TODAY: _("今天已经催过了，经办人看得到。请明天再催，或直接给经办人留言。"),
    RefusalCode.PROCEDURE_NOT_LISTED: _("事项里没有这项特别程序，不能据此停钟。请从列出的程序里选择。"),
    RefusalCode.NO_CANDIDATE: _("没有可以接办这一环节的人员。请管理员先安排岗位，再转交。"),
    # cards and rules of supervision
    RefusalCode.CARD_WRONG_STATE: _("这张监察牌现在的状态不能这样做，可能已有人处理。请刷新页面查看。"),
    RefusalCode.CARD_NOT_YOURS: _("这张监察牌不是发给您或您科室的，您不能处理。请由被发牌的人或其科室负责人处理。"),
    RefusalCode.CARD_NO_ANSWER_DUE: _("提醒和预警不需要答复、也不能申诉，请抓紧办理即可。"),
    RefusalCode.CARD_APPEAL_TOO_LATE: _(
        "申诉应在发牌后三个工作日内提出，期限到 %(until)s 为止。仍有异议的，请在答复中说明。"
    ),
    RefusalCode.CARD_APPEALED_ONCE: _("这张监察牌已申诉过一次，裁决后不能再申诉。请按裁决答复。"),
    RefusalCode.CARD_INVOLVED: _(
        "申诉须由未参与的人裁决：发牌人、确认人和被发牌机关的人不能裁决。请交由另一位监察人员。"
    ),
    RefusalCode.RULE_WAITS: _("这条规则所需的数据还没有，不能启用。它在等：%(waits_for)s。"),
    RefusalCode.RULE_BACKDATED: _("新版本不能从过去的日子起生效，已发的监察牌不改写。请选 %(earliest)s 或以后。"),
    RefusalCode.RULE_THRESHOLD: _("“%(name)s”要填不小于零的数。请改正。"),
    RefusalCode.RULE_UNCHANGED: _("与现行版本相同，没有可保存的修改。请改动阈值、级别、发牌方式或文字。"),
    RefusalCode.RULE_SAME_PERIOD: _("这条规则已有从 %(effective_from)s 起的版本。请选另一个日子。"),
    # supervision orders and accountability
    RefusalCode.ORDER_WRONG_STATE: _("督办单现在的状态不能这样做，可能已有人处理。请刷新页面查看。"),
    RefusalCode.ORDER_EXISTS: _("这件事已经发过督办单 %(number)s。请在那张督办单上继续。"),
    RefusalCode.ORDER_CASE_UNKNOWN: _("没有编号为 %(number)s 的办件。请核对办件编号。"),
    RefusalCode.ORDER_OTHER_ORGAN: _("这张督办单由%(organ)s答复，您的岗位不在其中。请由责任部门的人签收和回复。"),
    RefusalCode.ORDER_OWN_REPLY: _("回复是您自己写的，不能由您核实。请交由另一位监察人员核实。"),
    RefusalCode.ORDER_NOT_EXTENDABLE: _("只有复杂类督办单可以延期。请在期限内回复已查明的情况。"),
    RefusalCode.ORDER_EXTENSION_DAYS: _("延期应为 1 至 %(most)s 个工作日。请改正天数。"),
    RefusalCode.ORDER_EXTENSION_LATE: _("期限已过，不能再延期。请尽快回复并说明逾期原因。"),
    RefusalCode.ORDER_EXTENSION_TWICE: _("这张督办单已申请过延期，只能延一次。请在期限内回复。"),
    RefusalCode.ORDER_EXTENSION_NONE: _("没有待批的延期申请。请刷新页面查看。"),
    RefusalCode.ORDER_EXTENSION_BY_ISSUER: _("延期由签发人%(issuer)s批准。请转请签发人处理。"),
    RefusalCode.ADMONITION_WRONG_STATE: _("这条登记现在的状态不能这样做。请刷新页面查看。"),
    RefusalCode.ADMONITION_ONESELF: _("不能登记对自己的处理，也不能处理自己的异议。请交由另一位监察人员。"),
    RefusalCode.ADMONITION_SAME_JUDGE: _("异议须由没有经办登记的人处理。请交由另一位监察人员。"),
    RefusalCode.LEAD_SETTLED: _("线索%(number)s已经处理，不能再改。需要更正的，请在监察牌的申诉中办理。"),
    RefusalCode.LEAD_INFORMATION: _("规则%(rule)s只作提示，不能据此发牌。请写明情况后排除这条线索。"),
    RefusalCode.LEAD_WITHOUT_ORGAN: _("线索%(number)s没有对应的部门，不能发牌。请写明情况后排除，或直接签发督办单。"),
    RefusalCode.LEAD_OWN: _("线索涉及本人经办的事，不能由本人处理。请交由另一位监察人员。"),
    RefusalCode.HOURS_PAST: _(
        "这段时间已经过去。延时服务要在开始前登记；当时确有延时服务的，请在对应的数据线索里说明。"
    ),
    RefusalCode.HOURS_BACKWARD: _("延时服务的结束时间须晚于开始时间。请改正后再登记。"),
    RefusalCode.SAMPLE_MONTH_RUNNING: _("%(month)s还没有结束。请在下个月第一天以后抽取。"),
    RefusalCode.SAMPLE_NOT_REFUSED: _("办件%(number)s没有被拒绝。只有不予受理、不予许可的件可以认定拒绝不当。"),
    RefusalCode.SAMPLE_WITHOUT_CHECKPOINT: _(
        "%(month)s结束以后还没有公布存证点。请等存证点公布后再抽取，它决定抽到哪些件。"
    ),
    # forms and the catalogue
    RefusalCode.FORM_NUMBER: _("这里要填数字，例如 12 或 12.5。请去掉文字和单位。"),
    RefusalCode.FORM_WHOLE_NUMBER: _("这里要填整数，不带小数。请改正。"),
    RefusalCode.FORM_DECIMALS: _("最多保留 %(most)s 位小数。请改短。"),
    RefusalCode.FORM_TOO_SMALL: _("不能小于 %(least)s。请核对后改正。"),
    RefusalCode.FORM_TOO_LARGE: _("不能大于 %(most)s。请核对后改正。"),
    RefusalCode.FORM_DATE: _("没有这个日期，或者写法看不懂。请写成 2026-09-28 的样子。"),
    RefusalCode.FORM_DATE_TOO_EARLY: _("日期不能早于%(least)s。请核对后改正。"),
    RefusalCode.FORM_DATE_TOO_LATE: _("日期不能晚于%(most)s。请核对后改正。"),
    RefusalCode.FORM_MONTH: _("月份看不懂。请写成 2026-09 的样子。"),
    RefusalCode.FORM_TIME: _("时间看不懂。请写成 09:30 的样子。"),
    RefusalCode.FORM_RANGE_BACKWARDS: _("后一个（%(until)s）小于前一个（%(since)s）。请把两个换过来。"),
    RefusalCode.FORM_CHOICE: _("“%(value)s”不在选项里。请从列出的选项中选择。"),
    RefusalCode.FORM_YES_NO: _("请选择“是”或“否”。"),
    RefusalCode.FORM_MUST_AGREE: _("请阅读后勾选同意，否则不能继续。"),
    RefusalCode.FORM_EMAIL: _("电子邮箱的写法不对。请写成 name@example.cn 的样子。"),
    RefusalCode.FORM_PHONE: _("电话号码的写法不对。请带上区号，例如 0980-6612345，或填写手机号。"),
    RefusalCode.FORM_PASSPORT: _("证件号码应为 5 至 20 位字母和数字。请对照证件改正。"),
    RefusalCode.FORM_POSTAL_CODE: _("邮政编码应为 6 位数字。请改正。"),
    RefusalCode.FORM_REGION: _("行政区划没有选到县（市、区）。请逐级选择。"),
    RefusalCode.FORM_BANK_ACCOUNT: _("银行账号应为 8 至 32 位数字。请对照银行卡或开户许可证改正。"),
    RefusalCode.FORM_URL: _("网址的写法不对。请写成 https://www.example.cn 的样子。"),
    RefusalCode.FORM_PLATE: _("车牌号的写法不对。请对照行驶证，例如“京A12345”。"),
    RefusalCode.FORM_VIN: _("车辆识别代号应为 17 位，或有一位写错了。请对照行驶证逐位核对。"),
    RefusalCode.FORM_PROJECT_CODE: _("项目代码应写成 2601-990100-04-01-123456 的样子。请对照备案或核准文件改正。"),
    RefusalCode.FORM_INDUSTRY: _("行业代码应为一个字母加数字，例如 F5213。请对照国民经济行业分类改正。"),
    RefusalCode.FORM_COORDINATES: _("经纬度应为两个度数，例如 116.391 和 39.907。请改正。"),
    RefusalCode.FORM_CERTIFICATE_NO: _("证书编号应为 2 至 60 位汉字、字母、数字和括号。请对照证书改正。"),
    RefusalCode.FORM_PART_MISSING: _("这一项还有一部分没有填。请补齐。"),
    RefusalCode.FORM_NAME: _("名称里应当有文字；姓名里不能有数字。请对照证件改正。"),
    RefusalCode.FORM_TOO_FEW_ROWS: _("这一部分至少要填 %(least)s 行。请添加。"),
    RefusalCode.FORM_TOO_MANY_ROWS: _("这一部分最多填 %(most)s 行。请删去多余的，其余的可作为附件上传。"),
    RefusalCode.ITEM_UNKNOWN: _("没有编码为 %(item_code)s 的事项。请从事项目录里重新选择。"),
    RefusalCode.ITEM_LISTED_ONLY: _(
        "“%(name)s”的办事指南还在完善，暂时不能在线申请。请按页面上的电话咨询，或到窗口办理。"
    ),
    RefusalCode.ITEM_NOT_YET: _("“%(name)s”自%(start)s起办理。请到时再申请。"),
    RefusalCode.ITEM_SUSPENDED: _("“%(name)s”现在暂停受理。请看事项页面上的说明，恢复后再申请。"),
    RefusalCode.ITEM_RETIRED: _("“%(name)s”已经取消，不再需要办理。请看事项页面上的取消依据和替代事项。"),
    RefusalCode.ITEM_EXISTS: _("事项编码 %(item_code)s 已经有了。请换一个编码，或修改已有的事项。"),
    RefusalCode.ITEM_ORGAN_UNKNOWN: _("没有登记代码为 %(organ_code)s 的机构。请先登记实施主体，或改正代码。"),
    RefusalCode.ITEM_DOCUMENT_INVALID: _("事项内容有 %(count)s 处写法不对，没有保存。请按列出的位置逐条改正。"),
    RefusalCode.ITEM_BREAKS_RULES: _("事项有 %(count)s 处不符合目录规则，不能送审或发布。请按列出的规则逐条改正。"),
    RefusalCode.ITEM_VERSION_NOT_OPEN: _("这个版本已经发布过，不能再改。请另起一个新版本。"),
    RefusalCode.ITEM_DRAFT_EXISTS: _("已经有一个在改的版本（第 %(number)s 版）。请继续修改它。"),
    RefusalCode.ITEM_WRONG_STATUS: _("事项或版本现在的状态不能办这一步。请刷新页面，按当前状态办理。"),
    RefusalCode.ITEM_CODE_FIXED: _("事项编码不能改（原为 %(item_code)s）。需要新编码时，请复制成新事项并取消原事项。"),
    RefusalCode.ITEM_CHECK_OWN_WORK: _("合法性审核须由没有参与起草的人办理。请交另一位审核人。"),
    RefusalCode.ITEM_REASON_MISSING: _("请写明理由或依据，它会公开在事项页面上或送回给起草人。"),
    RefusalCode.ITEM_NOTHING_CHANGED: _("内容没有变化，不用保存。"),
    RefusalCode.ITEM_FILE_UNREADABLE: _("文件读不懂：%(reason)s。请用系统导出的 JSON 或 XLSX 改好后再导入。"),
    # scores and circulars
    RefusalCode.SCORE_TABLE_INVALID: _("考核表有 %(count)s 处不对，没有保存。请按列出的位置逐处改正。"),
    RefusalCode.SCORE_TABLE_OWN_WORK: _("这一版考核表是您编辑的，要由另一个人批准。"),
    RefusalCode.SCORE_TABLE_BACKDATED: _(
        "%(month)s 已经锁定或已经过去，考核表不能倒回去用。请选一个还没有锁定的月份。"
    ),
    RefusalCode.SCORE_LOCK_TOO_EARLY: _("这个月的考核要到%(on)s才锁定（次月第五个工作日）。请到那天再来。"),
    RefusalCode.SCORE_EXISTS: _("%(month)s 的考核已经锁定。要改一个数，请登记加减分、提出异议或者更正。"),
    RefusalCode.SCORE_PUBLISHED: _("%(month)s 的考核已经公布，不能直接改。确有错误的，请登记更正并写明理由。"),
    RefusalCode.SCORE_NOT_PUBLISHED: _("%(month)s 的考核还没有公布，请在公布之前通过异议或加减分来改。"),
    RefusalCode.SCORE_PUBLISH_TOO_EARLY: _("考核最早在%(on)s公布，之前是当事人查看和提出异议的时间。"),
    RefusalCode.SCORE_APPEALS_OPEN: _("还有 %(count)s 件异议没有裁决。请先裁决，再公布。"),
    RefusalCode.SCORE_APPEAL_TOO_LATE: _("提出异议的时间到%(until)s为止。确有错误的，请联系效能监察人员登记更正。"),
    RefusalCode.SCORE_APPEAL_OPEN: _("这一项已经有一件异议在等裁决。请等裁决结果。"),
    RefusalCode.SCORE_INVOLVED: _("这是您本人的考核，或者异议是您提出的，要由没有参与的人裁决。"),
    RefusalCode.SCORE_MARK_OUT_OF_RANGE: _("分数要在 %(min)s 到 %(max)s 之间。请改正后再登记。"),
    RefusalCode.SCORE_INDICATOR_UNKNOWN: _("考核表里没有这个指标。请从这张表的指标里选一个。"),
    RefusalCode.PEER_GROUP_EXISTS: _("代码为 %(code)s 的同类组已经有了。请换一个代码，或者修改原来的组。"),
    RefusalCode.PEER_GROUP_TAKEN: _("%(organ)s 已经在“%(group)s”里。一个部门只在一个组里比较，请先从那个组移出。"),
    RefusalCode.BULLETIN_EXISTS: _("%(month)s 的督查通报正在起草或者已经印发。要更正已印发的，请起草更正件。"),
    RefusalCode.BULLETIN_WRONG_STATE: _("这份通报已经变动，不能再做这一步。请刷新后再看。"),
    RefusalCode.BULLETIN_OWN_DRAFT: _("这份通报是您起草或修改过的，要由另一个人审批。"),
    RefusalCode.SEAL_WAITING: _("这一件的记录还没有存证。系统每分钟存证一次，请过一两分钟再下载。"),
    RefusalCode.WHAT_IF_NOBODY_LEFT: _("这个环节只有一个人经常办理，减去就没有人了。请换一个环节。"),
    RefusalCode.WHAT_IF_NO_CASES: _("这段时间没有收到后来办结的件。请换一段时间或换一个事项。"),
    RefusalCode.ARTICLE_EXISTS: _("这一条已经有了（%(key)s）。请在原来那一条上修订，不要另写一条。"),
    RefusalCode.ARTICLE_WRONG_STATE: _("这一条已经变动，不能再做这一步。请刷新后再看。"),
    RefusalCode.ARTICLE_OWN_WORDS: _("这一版您写过或改过，要由另一个人审核。"),
    RefusalCode.ARTICLE_PERSONAL_DATA: _(
        "文字里有像手机号、证件号、卡号或邮箱的内容（%(found)s），不能公开。请先删去。"
    ),
    RefusalCode.ARTICLE_ENGLISH_HALF: _("英文的问题和答案要么都写，要么都空着。请补齐或清空。"),
    RefusalCode.ARTICLE_FILE_UNREADABLE: _("文件第 %(line)s 条读不懂。请按导出文件的格式改好后再导入。"),
    RefusalCode.RECTIFICATION_WRONG_STATE: _("这件差评已经往前走了，现在不能做这一步。请刷新后再看。"),
    RefusalCode.RECTIFICATION_OWN_CAUSE: _("被评价的是您本人，不能由您自己核实。请科室负责人或同事核实。"),
    RefusalCode.RECTIFICATION_OTHER_ORGAN: _("这件差评不由您的岗位办理。请看派发给哪个部门和科室。"),
    RefusalCode.RECTIFICATION_HIGHER_LEVEL: _(
        "群众回访不满意，已经重启，要由没有参与第一次办理的科室负责人或首席代表办理。"
    ),
    RefusalCode.RECTIFICATION_WITHOUT_EVIDENCE: _("认定不实评价必须有证据。请上传能证明的材料后再提交。"),
    RefusalCode.RECTIFICATION_WITHOUT_PLAN: _("情况复杂的要列入台账。请写明整改计划，计划会向社会公开。"),
    RefusalCode.RECTIFICATION_SAME_REVIEWER: _("复核要由另一个人做：不能是核实的人，也不能是被评价的人。"),
    RefusalCode.RECTIFICATION_TOOK_PART: _("您参与过这件差评的办理，回访要由没有参与的人做。"),
    RefusalCode.RECTIFICATION_NOT_CONCERNED: _("只有被评价的工作人员本人可以申诉。"),
    RefusalCode.RECTIFICATION_APPEAL_TOO_LATE: _("申诉期限到%(until)s为止。有新证据的，请向中心管理人员反映。"),
    RefusalCode.RECTIFICATION_APPEALED_ALREADY: _("这次核实已经申诉过一次。请等待或查看复核结果。"),
    RefusalCode.RECTIFICATION_NO_APPEAL: _("现在没有等待复核的申诉。请刷新后再看。"),
    RefusalCode.RECTIFICATION_REOPENED_ALREADY: _(
        "这件差评已经重启过一次，由上一级答复过。仍不满意的，可以写信、拨打 12345，或依法申请行政复议、提起行政诉讼。"
    ),
    RefusalCode.RECTIFICATION_REOPEN_TOO_LATE: _("要求重新办理的期限到%(until)s为止。您可以写信反映新的情况。"),
    RefusalCode.RECTIFICATION_ATTEMPTS_LEFT: _("至少要在不同的日子联系 %(least)s 次，才能按联系不上办结。"),
    RefusalCode.RECTIFICATION_NO_NAME: _("这是匿名评价，没有可以联系的人。"),
    # ratings
    RefusalCode.RATING_LEVEL: _("请从“非常满意”到“非常不满意”五项里选一项。"),
    RefusalCode.RATING_REASON: _("请从列出的理由里选，其他的话请写在文字评价里。"),
    RefusalCode.RATING_TOO_EARLY: _("这次服务还没有完成，完成以后才能评价。"),
    RefusalCode.RATING_CLOSED: _("这次服务的评价时间到%(until)s为止，已经过了。您可以写信反映情况，或拨打 12345。"),
    RefusalCode.RATING_GIVEN: _("这次服务已经评价过了，一次服务评价一次。想补充的，请登录后在“我的评价”里追评。"),
    RefusalCode.RATING_ASKED: _("刚办结的这次服务已经请过评价了，一次服务只再请一次。请接着叫下一位。"),
    RefusalCode.RATING_NOBODY_SERVED: _("这次开窗以来还没有办结的号，没有可以请评价的服务。请先叫号并办结。"),
    RefusalCode.RATING_NOT_YOURS: _("没有找到可以由您评价的这次服务。请核对编号，或从短信、回执上的链接进入。"),
    RefusalCode.RATING_OWN_SERVICE: _(
        "您参与了这次服务，不能评价它，也不能代别人登记对它的评价。请由没有参与的人登记。"
    ),
    RefusalCode.RATING_NOT_GIVEN: _("这次服务还没有您的评价，不能追评。"),
    RefusalCode.RATING_FOLLOWED_UP: _("这次评价已经追评过一次，追评只有一次。还有情况要反映的，请写信。"),
    RefusalCode.RATING_FOLLOW_UP_LATE: _("追评时间到%(until)s为止，已经过了。还有情况要反映的，请写信。"),
    RefusalCode.RATING_TEXT_JUDGED: _("这条评价的文字已经处理过了。请刷新后再看。"),
    RefusalCode.RATING_LINK: _("这个评价链接不完整或已经失效。请从短信、回执重新打开，或登录后在“我的评价”里评价。"),
    # machines of a hall
    RefusalCode.DEVICE_CODE_WRONG: _("配对码不对。请照设备屏幕上的八位字母和数字重新输入。"),
    RefusalCode.DEVICE_CODE_TAKEN: _("这个配对码刚才已经输入过。请等设备连上，或刷新设备屏幕换一个配对码。"),
    RefusalCode.DEVICE_WINDOW_MISSING: _("窗口屏和评价器必须对应一个窗口。请选择窗口。"),
    RefusalCode.DEVICE_WINDOW_ELSEWHERE: _("所选窗口不在%(hall)s。请选择这个大厅里的窗口。"),
    RefusalCode.DEVICE_REVOKED: _("这台设备已经停用。需要再用时，请在设备上打开配对页，用新的配对码重新配对。"),
    RefusalCode.DEVICE_NONE_AT_WINDOW: _("%(window)s 号窗口没有评价器。请用评价二维码，或请管理人员配对一台。"),
    RefusalCode.DEVICE_HELP_NOT_CALLED: _("这台设备现在没有人求助，可能已由同事处理。请刷新页面。"),
    # appointments, agency service, the village
    RefusalCode.SCHEDULE_NO_WEEKDAY: _("请至少选择一个星期几。"),
    RefusalCode.SCHEDULE_HOURS_BACKWARD: _("结束时间须晚于开始时间。请改正。"),
    RefusalCode.SCHEDULE_MINUTES: _("每个时段须在 %(least)s 到 %(most)s 分钟之间，且不长于整个时间段。请改正。"),
    RefusalCode.SCHEDULE_CAPACITY: _("每个时段的人数须在 1 到 %(most)s 之间。请改正。"),
    RefusalCode.SCHEDULE_EXTENDED_TOO_LONG: _(
        "延时、错时和节假日服务一次最多登记 %(most)s 天。请缩短日期，到期再登记。"
    ),
    RefusalCode.SCHEDULE_TOO_LONG: _("一个安排最多 %(most)s 天。请把结束日期提前，到期再安排。"),
    RefusalCode.SCHEDULE_HOLDS_NEVER: _("这段日期里没有符合条件的日子，不会有时段。请核对日期、星期和工作日选项。"),
    RefusalCode.SCHEDULE_ENDED: _("这个安排已经停用。请新建一个。"),
    RefusalCode.CLOSURE_EXISTS: _("%(on)s已经登记为停办。不需要再登记。"),
    RefusalCode.CLOSURE_PAST: _("%(on)s已经过去，不能登记停办。请选择今天或以后的日子。"),
    RefusalCode.SLOT_FULL: _("这个时段刚刚约满。请选择另一个时段。"),
    RefusalCode.SLOT_CLOSED: _("这个时段已停止预约。请选择另一个时段。"),
    RefusalCode.SLOT_TOO_LATE: _("这个时段马上开始或已经开始，不能再预约。请选择晚一些的时段，或直接到大厅取号。"),
    RefusalCode.SLOT_OTHER_PLACE: _("不能在大厅预约和上门服务之间改期。请取消后重新预约。"),
    RefusalCode.CHECK_IN_TOO_EARLY: _("还没有到签到时间。请在%(opens)s以后签到。"),
    RefusalCode.CHECK_IN_TOO_LATE: _("预约时段已在%(ended)s结束。请现场取号，或重新预约。"),
    RefusalCode.APPOINTMENT_UNKNOWN: _("没有找到这个预约。请核对预约码和手机号。"),
    RefusalCode.APPOINTMENT_WRONG_STATE: _("这个预约已经签到、取消或过期，不能再做这一步。"),
    RefusalCode.APPOINTMENT_OTHER_HALL: _("这个预约约在%(hall)s。请到那里签到，或在这里另取一个号。"),
    RefusalCode.APPOINTMENT_TWICE: _("您在这个时段已经有预约。请在“我的预约”里查看。"),
    RefusalCode.APPOINTMENT_TOO_MANY: _("同时最多保留 %(most)s 个预约。请先取消不需要的预约。"),
    RefusalCode.APPOINTMENT_PAUSED: _(
        "%(within)s 天内有 %(missed)s 次预约未到，网上预约暂停到%(until)s（含当日）。现场取号、窗口和电话预约不受影响。"
        "如有正当理由，请在“我的预约”里对未到记录提出异议。"
    ),
    RefusalCode.APPOINTMENT_NO_ADDRESS: _("上门服务要有地址。请填写详细地址。"),
    RefusalCode.APPOINTMENT_OBJECTED: _("已经提出过异议。请等待答复，或查看答复。"),
    RefusalCode.APPOINTMENT_NOT_ASSIGNED: _("还没有安排上门人员。请先指派。"),
    RefusalCode.PHONE_CODE_WRONG: _("验证码不对。请核对最近一条短信里的 6 位数字。"),
    RefusalCode.PHONE_CODE_SPENT: _("验证码已失效。请重新获取验证码。"),
    RefusalCode.PHONE_CODES_SENT: _("给这个手机号发送的验证码太多了。请十分钟后再试，或电话预约。"),
    RefusalCode.AGENCY_WRONG_STATE: _("这件帮办代办现在不能做这一步。请刷新后再看。"),
    RefusalCode.AGENCY_NOT_YOURS: _("这件帮办代办由别的代办员负责。请由负责人或中心管理人员处理。"),
    RefusalCode.OFFICER_LEFT: _("%(name)s已离岗，不能再指派。请换一位在岗的工作人员。"),
    RefusalCode.FILING_LEVEL: _("“%(name)s”没有下放到村级办理。请引导群众到大厅或网上办理。"),
    RefusalCode.FILING_NO_CONSENT: _("须由本人同意代办。请向本人说明后勾选。"),
    RefusalCode.FILING_MANDATE_ENDED: _("委托在%(until)s已到期。请让本人重新出具委托书。"),
    RefusalCode.HALL_EXISTS: _("编号或名称 %(code)s 已有大厅使用。请换一个。"),
    RefusalCode.HALL_REGION: _("请选择大厅所在的行政区划。"),
    # letters
    RefusalCode.LETTER_WRONG_STATE: _("这封来信现在的状态不能办这一步。请刷新页面，看看现在可以办什么。"),
    RefusalCode.LETTER_NOT_YOURS: _("这一步不由您的岗位办理。请交给来信专员、承办人员或审批人。"),
    RefusalCode.LETTER_IN_OTHER_HANDS: _("这封来信由 %(holder)s 办理。请由其答复，或请来信专员重新转办。"),
    RefusalCode.LETTER_REPLY_IN_WRITING: _("书面来信要书面答复。请写好答复再发出。"),
    RefusalCode.LETTER_NEEDS_APPROVAL: _("这封来信的答复须经领导审批。请提交审批，不能直接发出。"),
    RefusalCode.LETTER_OWN_DRAFT: _("自己起草的答复不能自己审批。请由另一位审批人办理。"),
    RefusalCode.LETTER_LEVEL_UP: _("重新办理的来信要由没有办过上一次答复的同事办理和审批。请由另一位同事办理。"),
    RefusalCode.LETTER_FINDING_MISSING: _("投诉和举报的答复要写明核查结论：属实、部分属实或不属实。请选择后再提交。"),
    RefusalCode.LETTER_EXTENSION_DAYS: _("最多延长 %(most)s 个工作日，最少 1 个。请改正天数。"),
    RefusalCode.LETTER_EXTENSION_LATE: _("期限已过，不能再申请或批准延期。请尽快答复，并说明迟延的原因。"),
    RefusalCode.LETTER_EXTENSION_TWICE: _("这封来信已经申请过延期，只能延期一次。请在现有期限内答复。"),
    RefusalCode.LETTER_EXTENSION_NONE: _("这封来信没有待批的延期申请。"),
    RefusalCode.LETTER_EXTENSION_OWN: _("自己申请的延期不能自己批准。请由另一位审批人办理。"),
    RefusalCode.LETTER_ADDED_OFTEN: _("补充得太频繁了。请把要说的写在一起，一小时后再补充。"),
    RefusalCode.LETTER_URGED_TODAY: _("今天已经催办过这封来信，承办单位已经收到。请明天再看看进度。"),
    RefusalCode.LETTER_REOPENED_ONCE: _("这封来信已经重新办理过一次。如果仍不满意，可以通过信访、行政复议等渠道反映。"),
    RefusalCode.LETTER_REOPEN_TOO_LATE: _("要求重新办理的期限已于%(until)s届满。请另写一封信，并写明原来的编号。"),
    RefusalCode.LETTER_TOOK_PART: _("回访要由没有参与办理的同事进行。请交给另一位同事。"),
    RefusalCode.LETTER_MERGE_ITSELF: _("来信不能并入它自己。请填写另一封来信的编号。"),
    RefusalCode.LETTER_MERGE_ENDED: _("来信 %(number)s 已经不在办理中，不能并入。请选择仍在办理的来信，或单独答复。"),
    RefusalCode.LETTER_HIDDEN: _("来信人要求保密，承办单位不能查看身份。需要核实时，请由来信专员联系来信人。"),
    RefusalCode.LETTER_TIP_ONLY: _("反映公职人员的问题线索只由廉政受理岗办理，不转办、不公开。"),
    RefusalCode.LETTER_NOT_PUBLISHABLE: _("这封来信还没有答复，或者来信人要求保密，不能公开。"),
    RefusalCode.LETTER_PUBLISH_PERSONAL: _("公开稿里还有个人信息：%(found)s。请改掉后再提交。"),
    RefusalCode.LETTER_PUBLISH_OWN: _("自己整理的公开稿不能自己审核。请由另一位同事审核。"),
    RefusalCode.LETTER_PUBLICATION_NONE: _("这封来信没有待审核的公开稿。"),
    RefusalCode.LETTER_CONVERSION_WAITS: _("还不能转为“%(what)s”：这项功能尚未开通。请告知来信人向有关机关提出。"),
    RefusalCode.LETTER_NO_ACCOUNT: _("来信人没有账户，不能替其建立办件草稿。请告知办理方式，或到窗口登记。"),
    RefusalCode.LETTER_CATEGORY_UNKNOWN: _("没有编号为“%(code)s”的分类。请从分类里选择。"),
    RefusalCode.LETTER_CATEGORY_EXISTS: _("这一级已经有“%(name)s”。请换一个名称。"),
    RefusalCode.LETTER_RULE_EXISTS: _("同样条件的转办规则已经有了。请修改原来的规则。"),
    RefusalCode.LETTER_TEMPLATE_EXISTS: _("已经有名为“%(name)s”的模板。请换一个名称。"),
    RefusalCode.LETTER_TICKET_KNOWN: _("工单 %(key)s 已经登记过。请用工单号查找原来的来信，不要重复登记。"),
    RefusalCode.LETTER_TOO_MANY_FILES: _("最多附 %(most)s 个文件。请挑选要紧的上传。"),
    # the hall's queue
    RefusalCode.QUEUE_UNKNOWN: _("没有这个排队业务。请重新选择要办的业务。"),
    RefusalCode.QUEUE_SHUT: _("“%(queue)s”现在不取号。请选择别的业务，或到导办台询问。"),
    RefusalCode.QUEUE_CODE_TAKEN: _("代码 %(code)s 已有别的排队业务在用。请换一个代码。"),
    RefusalCode.QUEUE_LETTER_TAKEN: _("字母 %(letter)s 已有别的排队业务在用，同厅的号不能重样。请换一个字母。"),
    RefusalCode.QUEUE_WITHOUT_WINDOW: _("没有办这个业务的窗口。请选择至少一个窗口。"),
    RefusalCode.HALL_SHUT: _("现在不是取号时间。今天开放时间：%(hours)s。请在开放时间内来取号，或先预约。"),
    RefusalCode.HALL_SHUT_TODAY: _("大厅今天不开放。请在工作日来办，或在网上办理、预约。"),
    RefusalCode.HALL_HOURS_UNREADABLE: _("“%(text)s”读不懂。请写成 09:00-12:00 13:00-17:00 的样子，时段不能重叠。"),
    RefusalCode.TICKET_UNKNOWN: _("没有找到这个号。请核对号码，或重新取号。"),
    RefusalCode.TICKET_WRONG_STATE: _("这个号现在的状态不能这样做，可能已有人处理。请刷新页面查看。"),
    RefusalCode.TICKET_OPEN: _("这个手机号在这里已有一个号：%(label)s。请等候叫号；不办了，可以先退掉它。"),
    RefusalCode.TICKET_NONE_SERVED: _("您的窗口现在没有正在办理的号。请先叫号，再点“开始办理”。"),
    RefusalCode.TICKET_AT_OTHER_WINDOW: _("%(label)s 号不在您的窗口。请由叫号的窗口操作。"),
    RefusalCode.TICKET_CALLED_OFTEN: _("%(label)s 号已再叫 %(most)s 次。请按过号处理，接着叫下一位。"),
    RefusalCode.TICKET_REOPEN_LATE: _("%(label)s 号之后窗口已经办过别人，或窗口关过，不能再撤销办结。请重新取号。"),
    RefusalCode.TICKET_RETURN_LATE: _("过号已超过 %(minutes)s 分钟，不能再签到。请重新取号。"),
    RefusalCode.TICKET_PHONE_NEEDED: _("手机取号要有验证过的手机号。请先在账号里验证，或到大厅取号机取号。"),
    RefusalCode.TICKET_OF_OTHER_DAY: _("这不是今天的号。请重新取号。"),
    RefusalCode.TICKET_CASE_UNKNOWN: _("没有编号为 %(number)s 的办件。请核对办件编号，或留空。"),
    RefusalCode.WINDOW_BUSY: _("窗口上还有 %(label)s 号。请先办结、转走或过号，再叫下一位。"),
    RefusalCode.WINDOW_TAKEN: _("这个窗口由%(who)s值守。请选择您自己的窗口，或请对方先关窗。"),
    RefusalCode.WINDOW_SHUT: _("这个窗口没有开。请先开窗。"),
    RefusalCode.WINDOW_WITHOUT_QUEUE: _("这个窗口没有分配排队业务。请联系中心管理人员分配后再叫号。"),
    RefusalCode.WINDOW_OF_OTHER_ORGAN: _("这个窗口属于别的部门。请选择本部门或综合窗口。"),
}


def sentence(refusal: Refusal) -> str:
    """The sentence in the active language, with its facts in that language's dates."""
    facts = {name: _said(fact) for name, fact in refusal.facts.items()}
    return str(SENTENCES[refusal.code]) % defaultdict(str, facts)


def sentence_html(refusal: Refusal) -> SafeString:
    """The same for a page: facts escaped, and Chinese ones marked as Chinese on an English page."""
    facts: dict[str, str] = {name: marked(_said(fact)) for name, fact in refusal.facts.items()}
    return mark_safe(escape(str(SENTENCES[refusal.code])) % defaultdict(str, facts))  # noqa: S308  (all parts escaped)


def _said(fact: object) -> str:
    if isinstance(fact, datetime):
        return moment_words(fact)
    if isinstance(fact, date):
        return day_words(fact)
    if isinstance(fact, Enum):
        return str(fact.value)
    if isinstance(fact, Iterable) and not isinstance(fact, str):
        return (", " if in_english() else "、").join(_said(part) for part in fact)
    return str(fact)
