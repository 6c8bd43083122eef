"""Words of the catalogue for people: what each element is called, what is wrong with it, and what to do."""

from collections import defaultdict
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.item_document import Problem
from zhengtong.rules.linter import Finding

# Element of an item document → what officials call it.
LABELS: dict[str, Promise | str] = {
    "name": _("名称"),
    "name_en": _("英文名称"),
    "item_code": _("事项编码"),
    "catalog_code": _("基本编码"),
    "impl_code": _("实施编码"),
    "handling_code": _("业务办理项编码"),
    "external_code": _("外部编码"),
    "item_type": _("事项类型"),
    "level": _("行使层级"),
    "region_code": _("行政区划代码"),
    "implementing_org": _("实施主体"),
    "org_nature": _("实施主体性质"),
    "power_source": _("权力来源"),
    "entrusted_by": _("委托部门"),
    "joint_orgs": _("联办机构"),
    "applicant_types": _("服务对象"),
    "acceptance_conditions": _("受理条件"),
    "acceptance_conditions_en": _("受理条件（英文）"),
    "legal_bases": _("设定依据"),
    "legal_limit": _("法定办结时限"),
    "promised_limit": _("承诺办结时限"),
    "amount": _("数额"),
    "unit": _("单位"),
    "handling_mode": _("办件类型"),
    "case_kind": _("办件种类"),
    "special_procedures": _("特别程序"),
    "channels": _("办理形式"),
    "onsite_visits": _("到现场次数"),
    "onsite_reason": _("必须到现场的原因"),
    "charges_fee": _("是否收费"),
    "fee_items": _("收费项目"),
    "intermediary_services": _("中介服务"),
    "cross_region_scope": _("通办范围"),
    "quota_note": _("数量限制"),
    "result": _("办理结果"),
    "kind": _("类别"),
    "certificate_type": _("证照类型"),
    "sample": _("样本"),
    "lowest_level": _("最低办理层级"),
    "online": _("是否网办"),
    "online_depth": _("网办深度"),
    "flags": _("服务方式"),
    "pay_online": _("网上支付"),
    "express": _("物流快递"),
    "appointment": _("预约办理"),
    "terminal": _("自助终端"),
    "hall": _("进驻大厅"),
    "service_points": _("办理地点"),
    "address": _("地址"),
    "hours": _("办理时间"),
    "phone": pgettext_lazy("element", "电话"),
    "consult_contacts": _("咨询方式"),
    "supervise_contacts": _("监督投诉方式"),
    "faqs": _("常见问题"),
    "question": _("问题"),
    "answer": _("答复"),
    "question_en": _("问题（英文）"),
    "answer_en": _("答复（英文）"),
    "topics": _("主题分类"),
    "person": _("自然人主题"),
    "enterprise": _("法人主题"),
    "life_events": _("一件事"),
    "keywords": _("关键词"),
    "supplement_stops_clock": _("补正停钟"),
    "situations": _("情形"),
    "options": _("选项"),
    "value": _("取值"),
    "label": pgettext_lazy("element", "文字"),
    "label_en": _("文字（英文）"),
    "materials": _("申请材料"),
    "code": _("代码"),
    "type": pgettext_lazy("element", "类型"),
    "format": _("形式"),
    "necessity": _("必要性"),
    "condition": _("条件"),
    "copies": _("份数"),
    "page_format": _("规格"),
    "source": _("来源渠道"),
    "source_note": _("来源说明"),
    "source_note_en": _("来源说明（英文）"),
    "issuer": _("出具机构"),
    "basis": _("依据"),
    "standard": _("标准"),
    "standard_en": _("标准（英文）"),
    "fill_note": _("填报须知"),
    "blank_form": _("空白表格"),
    "deferrable": _("可容缺"),
    "e_cert_type": _("可替代的电子证照"),
    "reusable": _("可复用"),
    "share_source": _("数据共享来源"),
    "promise_replaceable": _("可告知承诺"),
    "form": _("申请表"),
    "sections": _("表单分区"),
    "fields": _("表单字段"),
    "title": _("标题"),
    "title_en": _("标题（英文）"),
    "hint": _("提示"),
    "hint_en": _("提示（英文）"),
    "repeat": _("可重复"),
    "min": _("最小"),
    "max": _("最大"),
    "required": _("必填"),
    "max_length": _("最长字数"),
    "prefill": _("预填来源"),
    "procedure": _("办理流程"),
    "stages": _("办理环节"),
    "stage": _("环节"),
    "limit_days": _("环节时限（工作日）"),
    "checklist": _("审查要点"),
    "ACCEPT": _("受理"),
    "PROCESS": _("承办"),
    "REVIEW": _("审核"),
    "APPROVE": _("批准"),
    "FINISH": _("办结"),
    "text": pgettext_lazy("element", "内容"),
    "text_en": _("内容（英文）"),
    "delivery": pgettext_lazy("element", "送达方式"),
    "effective_from": _("计划生效日期"),
    "effective_to": _("计划取消日期"),
    "successor": _("替代事项"),
    "retired_basis": _("取消依据"),
    "origin": _("数据来源"),
    "publisher": _("发布者"),
    "licence": _("许可"),
    "url": _("网址"),
    "organ": _("制定机关"),
    "doc_no": _("文号"),
    "article": _("条款"),
    "valid_until": _("有效期至"),
    "counted": _("计入时限"),
    "fee": _("费用"),
    "reducible": _("可减免"),
    "reduction_basis": _("减免依据"),
    "examples": _("样例"),
    "asks": _("应当询问"),
    "asks_not": _("不应询问"),
    "answers": _("回答"),
    "refuses": _("应当指出"),
    "items": pgettext_lazy("element", "事项"),
    "fee_basis": _("收费依据"),
    "fee_standard": _("收费标准"),
}

# Code of a shape problem → sentence.
PROBLEMS: dict[str, Promise | str] = {
    "needed": _("不能为空。请填写。"),
    "not_text": _("应为文字。请加引号或改成文字。"),
    "too_long": _("太长：最多 %(maximum)s 个字，现有 %(length)s 个。请删减。"),
    "bad_pattern": _("“%(got)s”的写法不对。只能用字母、数字和 - _，并以字母开头（事项编码可以数字开头）。"),
    "control_character": _("含有看不见的控制字符。请删去，或重新手工输入。"),
    "not_a_choice": _("“%(got)s”不在可选值里。可用：%(choices)s。"),
    "not_number": _("“%(got)s”不是整数。请填数字。"),
    "out_of_range": _("%(got)s 超出范围。请填 %(minimum)s 至 %(maximum)s 之间的数。"),
    "not_money": _("“%(got)s”不是金额。请填不带单位的数，最多两位小数。"),
    "not_yes_no": _("“%(got)s”不是“是”或“否”。请填是或否（JSON 中为 true 或 false）。"),
    "not_date": _("“%(got)s”不是日期。请写成 2026-09-28 的样子。"),
    "not_list": _("应为列表。请用方括号列出，每项一行。"),
    "not_group": _("应为一组键和值。请对照样例改正。"),
    "unknown_key": _("没有这一项。请删去，或改成已有的名称。"),
    "code_twice": _("“%(got)s”出现了两次。请换一个代码。"),
    "wrong_kind": _("这里不能放这种值（%(got)s）。请对照样例改正。"),
    "condition_shape": _("条件的写法不对。请写成 all、any、not，或一个字段加一种比较。"),
    "condition_too_deep": _("条件套得太深。请拆成几个简单的条件。"),
    "condition_unknown_field": _("条件提到了不存在的字段“%(field)s”。请改成表单字段或情形的代码。"),
    "condition_type": _("条件里“%(field)s”不能与“%(value)s”比较。请改比较方式或取值。"),
    "condition_circle": _("这些问题互相等待，永远不会出现：%(fields)s。请去掉其中一个条件。"),
    "bad_json": _("第 %(line)s 行第 %(column)s 列不是合法的 JSON。请检查引号、逗号和括号。"),
    "not_utf8": _("文件不是 UTF-8 编码。请另存为 UTF-8 后再导入。"),
    "not_item_list": _("文件里没有事项列表。请用系统导出的文件作样例。"),
    "not_a_sheet": _("打不开这个 XLSX 文件。请用 Excel 另存为 .xlsx 后再导入。"),
    "sheet_missing": _("缺少工作表“%(sheet)s”。请从系统导出的文件开始修改。"),
    "unknown_column": _("工作表“%(sheet)s”里没有“%(column)s”这一列。请不要改动第二行的列名。"),
    "row_without_item": _(
        "工作表“%(sheet)s”第 %(line)s 行的事项或上级代码“%(got)s”在上级表里找不到。请改正代码，或在上级表里补上。"
    ),
    "item_twice": _("事项编码“%(got)s”在文件里出现了两次。请删去其中一条。"),
    "organ_unmapped": _("来源部门“%(department)s”没有对应的实施主体。请在 --organ-map 文件里补上。"),
    "file_too_large": _("文件太大（上限 %(most)s MB）。请分成几个文件。"),
}

# Reason of a linter finding → sentence; the rule (C-05, L-02) stands beside it.
FINDINGS: dict[str, Promise | str] = {
    "item_type_missing": _("没有填事项类型。请选择事项类型。"),
    "organ_code_invalid": _("实施主体代码“%(code)s”不是有效的统一社会信用代码。请核对。"),
    "catalog_code_length": _("基本编码通常为 12 位，现为 %(length)s 位。请核对。"),
    "impl_code_length": _("实施编码应为 31 位，现为 %(length)s 位。请对照目录改正。"),
    "impl_code_organ": _("实施编码前 18 位“%(code)s”不是有效的统一社会信用代码。请核对。"),
    "impl_code_level": _("实施编码第 19 位“%(level)s”不是行使层级（1—7）。请改正。"),
    "impl_code_other_level": _("实施编码里的层级是 %(level)s，事项的行使层级是 %(item_level)s。请核对。"),
    "impl_code_type": _("实施编码第 22—23 位是 %(type)s，与事项类型 %(item_type)s 不符。请改正。"),
    "impl_code_catalog": _("实施编码后 12 位“%(code)s”与基本编码“%(catalog_code)s”不符。请改正。"),
    "handling_code_form": _("业务办理项编码应为实施编码加两位数字。请改正。"),
    "no_article": _("没有写明条款的设定依据。请至少写一条法律、法规或规章及其条款。"),
    "basis_without_article": _("“%(name)s”没有写条款。请补上条款。"),
    "legal_limit_missing": _("没有填法定办结时限。法律没有规定时限的，请在说明里写明。"),
    "promised_above_legal": _("承诺时限（%(promised)s）长于法定时限（%(legal)s）。请缩短承诺时限。"),
    "licence_above_twenty_days": _(
        "许可的法定时限超过 20 个工作日（行政许可法第四十二条）。请核对有无法律、法规的另行规定。"
    ),
    "handling_mode_missing": _("没有填办件类型或办件种类。请选择。"),
    "mode_and_kind_differ": _("办件类型与办件种类不一致（即办件只能对应即办）。请改成一致。"),
    "immediate_with_limit": _("即办件的承诺时限应为 0（当日办结），现为 %(amount)s。请改为 0 或改办件类型。"),
    "promised_without_limit": _("承诺件的承诺时限为 0。请填写天数，或改为即办件。"),
    "fee_without_items": _("标明收费，但没有收费项目。请填写收费项目和依据，或改为不收费。"),
    "items_without_fee": _("列了收费项目，却标明不收费。请改成一致。"),
    "fee_without_basis": _(
        "收费项目“%(name)s”没有依据。没有法律、行政法规依据的不得收费（行政许可法第五十八条、第五十九条）。"
    ),
    "form_is_free": _("“%(name)s”不得收费：申请书格式文本免费提供（行政许可法第五十八条）。请删去。"),
    "reduction_without_basis": _("“%(name)s”可以减免，但没有减免依据。请补上。"),
    "material_without_basis": _("材料“%(name)s”没有要求依据。没有依据的材料不能要求提交，请补上或删去。"),
    "material_without_source": _("材料“%(name)s”没有来源渠道。请填写。"),
    "material_without_necessity": _("材料“%(name)s”没有必要性。请选择必要、非必要或视情形。"),
    "material_without_type": _("材料“%(name)s”没有类型。请选择原件、复印件或表格。"),
    "material_without_format": _("材料“%(name)s”没有形式。请选择纸质、电子或均可。"),
    "material_without_copies": _("材料“%(name)s”没有份数。请填写。"),
    "paper_without_copies": _("纸质材料“%(name)s”的份数为 0。请填写份数。"),
    "conditional_without_condition": _("材料“%(name)s”视情形提交，但没有写条件。请写明条件。"),
    "required_with_condition": _("材料“%(name)s”写了条件，却标为必要。请改为视情形提交，或删去条件。"),
    "catch_all_material": _(
        "“%(name)s”是兜底条款。请列明具体材料，不得要求提交与申请事项无关的材料（行政许可法第三十一条）。"
    ),
    "asked_though_shared": _("“%(name)s”可以通过共享取得，却要求交原件。请改为系统核验。"),
    "special_without_basis": _("特别程序“%(name)s”没有依据。没有依据的不得停止计算期限，请补上。"),
    "special_limit_half": _("特别程序“%(name)s”的时限和单位要么都填，要么都不填。"),
    "intermediary_without_basis": _("中介服务“%(name)s”没有法定依据。请补上或删去。"),
    "ends_before_start": _("取消日期（%(end)s）早于生效日期（%(start)s）。请改正。"),
    "already_ended": _("事项已于 %(end)s 取消，不能再发布。请改日期，或不发布。"),
    "own_successor": _("替代事项不能是自己。请改成另一个事项。"),
    "certificate_without_type": _("办理结果是证照，但没有选证照类型。请选择证照类型。"),
    "result_kind_missing": _("没有填办理结果的类别。请选择证照、批文、其他或无。"),
    "delivery_missing": _("没有填送达方式。请选择领取、邮寄或电子送达。"),
    "element_not_disclosed": _("必须公开的“%(element)s”是空的。请填写。"),
    "contact_missing": _("没有填“%(element)s”。请填写电话或窗口。"),
    "stages_out_of_order": _("办理环节的顺序不对。请按受理、承办、审核、批准、办结排列。"),
    "stages_above_promise": _("各环节时限合计 %(total)s 天，超过承诺时限 %(promised)s 天。请缩短环节时限。"),
    "checklist_without_stage": _("有“%(stage)s”的审查要点，却没有这个环节。请补上环节或删去要点。"),
    "basis_expired": _("“%(name)s”已于 %(until)s 失效。请换成现行依据。"),
    "online_without_form": _("标明可以网办，但没有申请表。请设计申请表。"),
    "section_code_reserved": _("分区代码不能用“%(code)s”。请换一个。"),
    "section_without_fields": _("分区“%(title)s”里没有字段。请添加字段或删去分区。"),
    "bounds_crossed": _("最小值 %(min)s 大于最大值 %(max)s。请改正。"),
    "bound_form": _(
        "字段“%(label)s”的上下限“%(bound)s”用不上。数字填数，日期填 2026-01-01 或 today-30，其他类型请删去。"
    ),
    "field_type_unknown": _("没有“%(type)s”这种字段类型。请从清单里选择。"),
    "choice_without_options": _("选择题“%(label)s”没有选项。请添加选项。"),
    "options_without_choice": _("“%(label)s”不是选择题，却列了选项。请改类型或删去选项。"),
    "statement_required": _("说明文字“%(label)s”不能设为必填。请取消必填。"),
    "situation_without_choice": _("情形“%(question)s”不足两个选项。请补充选项或删去。"),
    "situation_decides_nothing": _("情形“%(question)s”没有被任何条件用到。请在材料或表单里使用它，或删去。"),
    "onsite_visits_missing": _("没有填到现场次数。请填写，不用到现场的填 0。"),
    "visits_without_reason": _("要到现场 %(visits)s 次，但没有写原因。请写明必须到场的原因。"),
    "online_without_channel": _("标明可以网办，但办理形式里没有网上渠道。请补上。"),
    "not_on_application": _("事项类型 %(item_type)s 不是依申请办理的。请核对类型，不依申请的不放进办事目录。"),
    "supplement_stops_clock": _("“补正停钟”目前还不支持，补正期间期限照常计算。请改为“否”。"),
    "village_without_persons": _("标为可在村级办理，但服务对象里没有自然人。请改最低办理层级，或补上服务对象。"),
    "village_with_visits": _("标为可在村级办理，却还要到现场 %(visits)s 次。请核对到现场次数，或改最低办理层级。"),
    "material_twice": _("材料“%(name)s”列了两次。请合并或改名区分。"),
    "example_asks": _("样例“%(name)s”落空：应当询问而没有询问 %(expected)s。请改表单的条件，或改样例。"),
    "example_asks_not": _("样例“%(name)s”落空：不应询问却询问了 %(found)s。请改表单的条件，或改样例。"),
    "example_materials": _(
        "样例“%(name)s”落空：应要求材料 %(expected)s，实际要求 %(found)s。请改材料的条件，或改样例。"
    ),
    "example_refuses": _("样例“%(name)s”落空：应指出 %(expected)s，实际指出 %(found)s。请改表单，或改样例。"),
    "english_missing": _("还有 %(count)s 处没有英文。请补上译文。"),
}


def label(key: str) -> str:
    """The name of an element in the active language; the key itself where it has none."""
    return str(LABELS.get(key, key))


def place(path: str) -> str:
    """A document path in words: `materials[1].copies` → `申请材料 2 · 份数`."""
    words = []
    for part in path.split("."):
        key, _bracket, row = part.partition("[")
        row = row.removesuffix("]")
        number = str(int(row) + 1) if row.isdigit() else row
        words.append(f"{label(key)} {number}".strip())
    return " · ".join(words)


def problem_sentence(problem: Problem) -> str:
    return _filled(PROBLEMS[problem.code], problem.facts)


def finding_sentence(finding: Finding) -> str:
    sentence = FINDINGS.get(finding.reason) or PROBLEMS[finding.reason]
    facts = dict(finding.facts)
    for name in ("element", "stage"):
        if name in facts:
            facts[name] = label(str(facts[name]))
    return _filled(sentence, facts)


def _filled(sentence: Promise | str, facts: Mapping[str, object]) -> str:
    return str(sentence) % defaultdict(str, {name: _said(fact) for name, fact in facts.items()})


def _said(fact: object) -> str:
    if isinstance(fact, (list, tuple, set)):
        return gettext("、").join(str(one) for one in fact)
    return str(fact)
