"""Who in the city would apply for what, and how often."""

from collections.abc import Sequence
from random import Random

from zhengtong.city.records import Record, city

FOREIGN = "外商投资"
PERSON = "自然人"

# Item → how often, and the trades of those who apply.
APPLIED: dict[str, tuple[int, Sequence[str]]] = {
    "004": (8, (FOREIGN,)),
    "005": (4, (FOREIGN,)),
    "008": (10, ("成品油零售",)),
    "009": (5, ("成品油零售", "港口物流")),
    "010": (7, ("拍卖", "典当")),
    "011": (
        34,
        ("零售", "餐饮", "健身", "超市零售", "美容", "医药零售", "图书零售", "便利店", "洗染", "教育", "餐饮老字号"),
    ),
    "012": (6, ("再生资源回收", "报废车拆解")),
    "013": (14, ("再生资源回收", "供销", "物业")),
    "014": (14, ("餐饮", "便利店", "教育", "糕点制造", "洗染", "医药零售")),
    "015": (4, ("直销",)),
    "016": (5, ("对外劳务",)),
    "017": (10, ("投资", "机电进出口", "装备制造", "软件", "技术贸易")),
    "018": (12, ("技术贸易", "软件", "精密制造", "电子材料")),
    "019": (4, ("技术贸易", "电子材料", "酿造")),
    "020": (14, ("机电进出口", "粮油批发", "跨境电商", "食品制造")),
    "021": (14, ("机电进出口", "茶叶加工", "纺织", "毛纺", "农产品")),
    "022": (10, ("纺织", "电子材料", "毛纺", "精密制造")),
    "023": (10, ("汽车销售", "农机")),
    "024": (18, ("二手车经营", "二手车市场管理", "鉴定评估")),
    "025": (8, ("货运代理", "港口物流")),
    "026": (12, ("洗染", "家庭服务")),
    "028": (16, ("茶叶加工", "食品制造", "工艺品", "照明", "毛纺", "农机", "水产")),
    "029": (3, (FOREIGN,)),
    "030": (5, ("糕点制造", "餐饮老字号", "酿造", "工艺品")),
    "031": (6, ("跨境电商", "软件", "配送", "农产品")),
    "032": (4, ("投资", "风电", "港口物流")),
    "033": (30, (PERSON,)),
    "034": (30, (PERSON,)),
    "035": (10, ("房屋建筑", "市政工程", "园林", "风电")),
}


def any_item(chance: Random) -> str:
    items = list(APPLIED)
    return chance.choices(items, [APPLIED[item][0] for item in items])[0]


def applicants(item: str) -> list[Record]:
    """Enterprises of the right trade; none for items of natural persons."""
    trades = APPLIED[item][1]
    return [e for e in city().enterprises if e["industry"] in trades or (FOREIGN in trades and e["foreign_invested"])]


def for_persons(item: str) -> bool:
    return PERSON in APPLIED[item][1]
