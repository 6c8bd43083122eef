"""What may be chosen in each element of an item, in words. Keys are paths of the document without row numbers."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Choices = Sequence[tuple[str, Promise | str]]

UNITS: Choices = (("working_day", _("工作日")), ("calendar_day", _("自然日")))
STAGES: Choices = (
    ("ACCEPT", _("受理")),
    ("PROCESS", _("承办")),
    ("REVIEW", _("审核")),
    ("APPROVE", _("批准")),
    ("FINISH", _("办结")),
)
FIELD_TYPES: Choices = (
    ("text", _("一行文字")),
    ("textarea", _("多行文字")),
    ("integer", _("整数")),
    ("decimal", _("小数")),
    ("money", _("金额（元）")),
    ("percentage", _("百分比")),
    ("area", _("面积（平方米）")),
    ("length", _("长度（米）")),
    ("weight", _("重量（吨）")),
    ("date", _("日期")),
    ("month", _("年月")),
    ("year", _("年份")),
    ("time", _("时刻")),
    ("date_range", _("起止日期")),
    ("number_range", _("数值范围")),
    ("yes_no", _("是或否")),
    ("checkbox", _("勾选同意")),
    ("radio", _("单选")),
    ("select", _("下拉选择")),
    ("multiselect", _("多选")),
    ("email", _("电子邮箱")),
    ("mobile", _("手机号")),
    ("phone", _("电话")),
    ("person_name", _("姓名")),
    ("organisation_name", _("单位名称")),
    ("resident_id", _("居民身份证号")),
    ("passport", _("护照号")),
    ("identity", _("证件种类和号码")),
    ("uscc", _("统一社会信用代码")),
    ("enterprise", _("企业（代码和名称）")),
    ("postal_code", _("邮政编码")),
    ("region", _("行政区划")),
    ("address", _("地址")),
    ("coordinates", _("经纬度")),
    ("bank_account", _("银行账户")),
    ("url", _("网址")),
    ("certificate_no", _("证书编号")),
    ("vehicle_plate", _("车牌号")),
    ("vin", _("车辆识别代号")),
    ("project_code", _("项目代码")),
    ("industry", _("行业代码")),
    ("statement", _("说明文字（不作答）")),
)

CHOICES: dict[str, Choices] = {
    "item_type": (
        ("01", _("行政许可")),
        ("02", _("行政处罚")),
        ("03", _("行政强制")),
        ("04", _("行政征收")),
        ("05", _("行政给付")),
        ("06", _("行政检查")),
        ("07", _("行政确认")),
        ("08", _("行政奖励")),
        ("09", _("行政裁决")),
        ("10", _("其他行政权力")),
        *((f"{n}", _("本地扩展类型")) for n in range(11, 20)),
        ("20", _("公共服务")),
    ),
    "level": (
        ("1", _("国家级")),
        ("2", _("省级")),
        ("3", _("市级")),
        ("4", _("县级")),
        ("5", _("乡镇（街道）")),
        ("6", _("村（社区）")),
        ("7", _("分级管理")),
    ),
    "org_nature": (("1", _("法定机关")), ("2", _("授权组织")), ("3", _("受委托组织")), ("9", _("其他"))),
    "applicant_types": (
        ("1", _("自然人")),
        ("2", _("企业法人")),
        ("3", _("事业法人")),
        ("4", _("社会组织法人")),
        ("5", _("行政机关")),
        ("6", _("其他组织")),
    ),
    "channels": (
        ("1", _("窗口")),
        ("2", _("电脑端网上")),
        ("3", _("移动端")),
        ("4", _("快递")),
        ("9", _("其他")),
    ),
    "lowest_level": (("county", _("县级大厅")), ("township", _("乡镇便民服务站")), ("village", _("村级便民服务点"))),
    "handling_mode": (("1", _("即办件")), ("2", _("承诺件")), ("9", _("其他"))),
    "case_kind": (
        ("IMMEDIATE", _("即办件")),
        ("PROMISED", _("承诺件")),
        ("REPORTED", _("上报件")),
        ("JOINT", _("联办件")),
    ),
    "legal_limit.unit": UNITS,
    "promised_limit.unit": UNITS,
    "special_procedures.unit": UNITS,
    "special_procedures.kind": (("1", _("不计入办理时限")), ("2", _("延长办理时限"))),
    "result.kind": (("10", _("证照")), ("20", _("批文")), ("30", _("其他结果")), ("99", _("无结果文书"))),
    "delivery": (("pickup", _("窗口领取")), ("post", _("邮寄")), ("electronic", _("电子送达"))),
    "materials.type": (("original", _("原件")), ("copy", _("复印件")), ("form", _("表格"))),
    "materials.format": (("paper", _("纸质")), ("electronic", _("电子")), ("either", _("纸质或电子均可"))),
    "materials.necessity": (
        ("required", _("必要")),
        ("conditional", _("视情形提交")),
        ("optional", _("非必要")),
    ),
    "procedure.stages.stage": STAGES,
    "form.sections.fields.type": FIELD_TYPES,
}


def in_words(path: str, value: object) -> str:
    """The word for a chosen value; the value itself where there is none."""
    return str(dict(CHOICES.get(path, ())).get(str(value), value))
