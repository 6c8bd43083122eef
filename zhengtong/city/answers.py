"""What applicants of the city write into a form: prefilled facts as the register has them, the rest plausible."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from zhengtong.city.records import Record, city
from zhengtong.rules.edition import Edition
from zhengtong.rules.form_shape import Field
from zhengtong.rules.forms import Asked, visible_fields

ROUNDS = 4  # an answer may open a question that opens a question
STREETS = ("松溪路", "泽润大道", "石桥西路", "临江路", "书院街", "钟鼓巷", "政通路", "云岫路")
DISTRICTS = ("云湖区", "泽川区", "清源县", "望岭县")
BANKS = ("云泽商业银行云湖支行", "云泽商业银行泽川支行", "澄江农村信用社望岭分社")
COUNTRIES = ("德国", "瑞典", "日本", "新加坡", "马来西亚", "哈萨克斯坦")
GOODS = (
    ("数控机床", "8457101000", "台"),
    ("橄榄油", "1509200000", "千克"),
    ("电子级硅片", "3818001900", "片"),
    ("毛条", "5105290000", "千克"),
    ("茶叶", "0902209000", "千克"),
)
# Foreign applicants' papers; everyone else shows a resident's card.
RESIDENT = "111"
USUAL_SHARE = 0.8  # of answers to a guided question that name the plain case


@dataclass(frozen=True)
class Writer:
    """Whoever fills the form: for an enterprise, or for themselves."""

    chance: Random
    on: date
    person: Record
    enterprise: Record | None

    def someone(self) -> Record:
        return self.chance.choice([p for p in city().persons if p["id_type"] == RESIDENT])

    def firm(self) -> Record:
        return self.chance.choice(city().enterprises)

    def address(self) -> str:
        chance = self.chance
        return f"云泽市{chance.choice(DISTRICTS)}{chance.choice(STREETS)}{chance.randrange(1, 400)}号"

    def money(self, least: int, most: int, step: int = 10_000) -> str:
        return f"{self.chance.randrange(least, most + 1, step)}.00"

    def day(self, earliest: int, latest: int) -> str:
        """A day between so many days from today."""
        return (self.on + timedelta(days=self.chance.randint(earliest, latest))).isoformat()

    def own_name(self) -> str:
        return str(self.enterprise["name"] if self.enterprise else self.person["name"])


def writer(chance: Random, on: date, person_key: str, uscc: str) -> Writer:
    """`chance` is only the seed of the writer's own: a form of another length must not change what comes later."""
    firm = next((e for e in city().enterprises if e["uscc"] == uscc), None)
    own = Random(chance.random())  # noqa: S311  (a story, no secret)
    return Writer(own, on, city().person(person_key), firm)


def situation(edition: Edition, chance: Random) -> dict[str, str]:
    """Mostly the first option of each guided question: the plain case, with the fewest papers."""
    chosen = {}
    for one in edition.situations:
        values = [option.value for option in one.options]
        plain = len(values) == 1 or chance.random() < USUAL_SHARE
        chosen[one.code] = values[0] if plain else chance.choice(values[:2])
    return chosen


def fill(edition: Edition, chosen: dict[str, str], writer: Writer) -> dict[str, list[dict[str, Any]]]:
    """Answers to every question asked, rows of repeated sections included."""
    answers: dict[str, list[dict[str, Any]]] = {}
    rows = {s.code: _rows(s.repeat.min, s.repeat.max, writer.chance) for s in edition.form.sections if s.repeat}
    for code, count in rows.items():
        answers[code] = [{} for _ in range(count)]
    for _ in range(ROUNDS):
        for asked in visible_fields(edition.form, answers, chosen):
            written = answers.setdefault(asked.section.code, [])
            while len(written) <= asked.row:
                written.append({})
            if asked.field.type != "statement" and asked.field.code not in written[asked.row]:
                answer = _answer(asked, written[asked.row], writer)
                if answer is not None:
                    written[asked.row][asked.field.code] = answer
    return answers


def _rows(least: int, most: int, chance: Random) -> int:
    return max(1, least, min(most, chance.choice((1, 1, 2, 2, 3))))


def _answer(asked: Asked, row: dict[str, Any], writer: Writer) -> Any:
    field = asked.field
    if field.options:
        return _choice(field, writer)
    if field.prefill:
        return _enough(field, PREFILLED[field.prefill](writer))
    if (special := WORDS.get((asked.section.code, field.code))) is not None:
        answer = special(writer)
        return answer[asked.row % len(answer)] if isinstance(answer, list) else answer
    if field.code == "name" and asked.section.code == "investors":
        return writer.someone()["name"]
    return _by_type(writer, field)


def _enough(field: Field, fact: Any) -> Any:
    """A capital below what the item asks for was raised before applying."""
    if field.type == "money" and field.min is not None and float(fact) < float(field.min):
        return f"{float(field.min):.2f}"
    return fact


def _choice(field: Field, writer: Writer) -> Any:
    values = [option.value for option in field.options]
    if field.type == "multiselect":
        return values[: writer.chance.randint(1, min(2, len(values)))]
    if field.code == "delivery":
        return writer.chance.choice([v for v in values if v != "post"] or values)
    return values[0] if writer.chance.random() < 0.7 else writer.chance.choice(values)


Words = Callable[[Writer], Any]


def _said(*texts: str) -> Words:
    return lambda writer: writer.chance.choice(texts)


def _each(*texts: str) -> Words:
    """One for each row of a repeated section."""
    return lambda _: list(texts)


def _firms(key: str, first: int) -> Words:
    """Other enterprises of the city, one for each row."""
    return lambda _: [firm[key] for firm in city().enterprises[first : first + 4]]


def _name(kind: str) -> Words:
    return lambda writer: f"{_short(writer.own_name())}{kind}"


def _short(name: str) -> str:
    for word in ("有限公司", "股份", "（云泽）", "（模拟）", "连锁", "管理", "服务"):
        name = name.replace(word, "")
    return name


def _certificate(prefix: str) -> Words:
    return lambda writer: f"{prefix}{writer.chance.randrange(10**7, 10**8)}"


PREFILLED: dict[str, Words] = {
    "enterprise.name": lambda w: w.own_name(),
    "enterprise.uscc": lambda w: w.enterprise["uscc"] if w.enterprise else None,
    "enterprise.legal_representative": lambda w: (
        city().person(w.enterprise["legal_representative"])["name"] if w.enterprise else w.person["name"]
    ),
    "enterprise.address": lambda w: w.enterprise["address"] if w.enterprise else w.person["address"],
    "enterprise.registered_capital": lambda w: w.enterprise["registered_capital"] if w.enterprise else "1000000.00",
    "person.name": lambda w: w.person["name"],
    "person.id_number": lambda w: w.person["id_number"],
    "person.mobile": lambda w: w.person["mobile"],
    "person.address": lambda w: w.person["address"],
}

WORDS: dict[tuple[str, str], Words] = {
    ("report", "industry"): lambda w: w.enterprise["industry"] if w.enterprise else "贸易",
    ("report", "measure"): _said("不涉及外商投资准入负面清单。"),
    ("report", "change_text"): _said("法定代表人变更，其余不变。", "注册资本增加，股权比例不变。"),
    ("report", "reported_on"): lambda w: w.day(-20, -2),
    ("investors", "country"): _said("中国", *COUNTRIES),
    ("investors", "paper_number"): _certificate("P"),
    ("investors", "controller"): lambda w: w.someone()["name"],
    ("investors", "share"): _each("60", "30", "10"),
    ("investors", "id_number"): lambda w: w.someone()["id_number"],
    ("year", "year"): lambda w: str(w.on.year - 1),
    ("station", "name"): _name("加油站"),
    ("station", "built_on"): lambda w: w.day(-900, -60),
    ("tanks", "volume"): _each("30", "50", "30"),
    ("tanks", "nozzles"): _each("4", "8", "6"),
    ("inspectors", "certificate_no"): _certificate("AQ"),
    ("depots", "name"): _name("油库"),
    ("depots", "volume"): _each("5000", "3000", "2000"),
    ("auctioneers", "certificate_no"): _certificate("PM"),
    ("plan", "fields"): _said("机动车、房产、机器设备和罚没物资的拍卖。", "司法委托标的、闲置资产、农副产品的拍卖。"),
    ("business", "started_on"): lambda w: w.day(-25, -3),
    ("business", "card_name"): lambda w: w.chance.choice(("云享卡", "惠民卡", "会员储值卡", "乐购卡")),
    ("business", "denomination"): _said("200", "500", "1000"),
    ("business", "balance"): lambda w: w.money(100_000, 3_000_000),
    ("business", "turnover"): lambda w: w.money(5_000_000, 90_000_000),
    ("business", "channels"): _said("自营网店、直播间和线下体验店。", "第三方平台旗舰店与社区团购。"),
    ("business", "summary"): _said("带动本地农产品上行，建立统一仓配和售后。", "跨境订单当日出库，退换货全程可查。"),
    ("business", "name_en"): _said("Yunze International Forwarding Co., Ltd."),
    ("custody", "bank"): lambda w: w.chance.choice(BANKS),
    ("custody", "account"): lambda w: f"9901{w.chance.randrange(10**11, 10**12)}",
    ("custody", "ratio"): _said("20", "30", "40"),
    ("stores", "name"): lambda w: [f"{_short(w.own_name())}{place}店" for place in ("云湖", "泽川", "清源")],
    ("stores", "uscc"): lambda w: w.enterprise["uscc"] if w.enterprise else w.firm()["uscc"],
    ("stores", "phone"): lambda w: w.enterprise["phone"] if w.enterprise else "0980-6612345",
    ("change", "text"): _said("住所由松溪路迁至泽润大道，其余不变。", "发卡种类增加虚拟卡。"),
    ("change", "changed_on"): lambda w: w.day(-25, -3),
    ("site", "area"): _said("26000", "32000.5", "41000"),
    ("site", "capacity"): _said("12000", "20000"),
    ("equipment", "name"): _each("拆解举升平台", "动力电池防爆拆卸台", "油液回收机"),
    ("equipment", "model"): _each("CJ-2000", "DC-80", "YH-15"),
    ("equipment", "count"): _each("4", "2", "3"),
    ("staff", "certificate_no"): _certificate("ZY"),
    ("staff", "employees"): _said("86", "130", "245"),
    ("staff", "area"): _said("4200", "8600.5"),
    ("sites", "kinds"): _said("废纸、废塑料", "废钢铁、废有色金属", "废旧家电"),
    ("brand", "mark"): _name("及图"),
    ("brand", "business"): _said("统一采购、统一配送、统一标识的直营加盟店。", "单店特许，统一培训和督导。"),
    ("brand", "fee"): _said("50000", "80000", "120000"),
    ("brand", "first_contract_on"): lambda w: w.day(-12, -2),
    ("brand", "name"): lambda w: _short(w.own_name()),
    ("brand", "founded"): _said("1921", "1936", "1954"),
    ("brand", "founder"): lambda w: w.someone()["name"],
    ("brand", "story"): _said("创立于老街，三代相传，技艺列入市级非物质文化遗产（演示内容）。"),
    ("own_stores", "name"): lambda w: [f"{_short(w.own_name())}{place}直营店" for place in ("云湖", "泽川", "望岭")],
    ("own_stores", "opened_on"): lambda w: w.day(-1500, -400),
    ("franchisees", "name"): lambda w: w.someone()["name"],
    ("outlets", "region"): _said(*DISTRICTS),
    ("outlets", "manager"): lambda w: w.someone()["name"],
    ("managers", "years"): _said("5", "8", "12"),
    ("countries", "trade"): _said("建筑", "渔业", "食品加工"),
    ("target", "name"): lambda w: f"{_short(w.own_name())}海外公司",
    ("target", "industry"): lambda w: w.enterprise["industry"] if w.enterprise else "贸易",
    ("target", "total"): _said("120", "350", "800"),
    ("shareholders", "name"): lambda w: [w.own_name(), *(f["name"] for f in city().enterprises[30:33])],
    ("shareholders", "share"): _each("70", "20", "10"),
    ("contract", "name"): _said("精密加工工艺许可合同", "嵌入式软件技术服务合同", "节能工艺转让合同"),
    ("contract", "number"): lambda w: f"YZ{w.on.year}-{w.chance.randrange(100, 999)}",
    ("contract", "effective_on"): lambda w: w.day(-30, -2),
    ("contract", "end_user"): lambda w: w.own_name(),
    ("technology", "name"): _said("耐磨涂层制备技术", "低温发酵控制技术"),
    ("technology", "catalogue_no"): _said("083302J", "180505J"),
    ("technology", "partner_country"): _said(*COUNTRIES),
    ("technology", "summary"): _said("涉及工艺参数和专用设备图纸，不含源代码（演示内容）。"),
    ("technology", "end_user"): lambda w: f"{w.own_name()}，用于民用产品生产",
    ("goods", "name"): _each(*(name for name, _, _ in GOODS)),
    ("goods", "hs_code"): _each(*(code for _, code, _ in GOODS)),
    ("goods", "unit"): _each(*(unit for _, _, unit in GOODS)),
    ("goods", "origin"): _said(*COUNTRIES),
    ("goods", "end_user"): lambda w: w.own_name(),
    ("capacity", "product"): _said("精密轴承", "羊绒衫", "电子元件"),
    ("capacity", "annual"): _said("120000", "450000"),
    ("capacity", "unit"): _said("件", "套"),
    ("brands", "brand"): _said("云驰", "泽越", "望岭汽车"),
    ("brands", "until"): lambda w: w.day(200, 700),
    ("market", "area"): _said("18000", "26500"),
    ("tenants", "name"): _firms("name", 20),
    ("tenants", "uscc"): _firms("uscc", 20),
    ("workers", "count"): _said("12", "26", "60"),
    ("exhibitions", "name"): _said("澄江国际食品博览会", "云泽跨境电商选品会", "东部五金机电展"),
    ("exhibitions", "city"): _said("澄江", "海州", "新城"),
    ("exhibitions", "from"): lambda w: (w.on - timedelta(days=40)).isoformat(),
    ("exhibitions", "to"): lambda w: (w.on - timedelta(days=37)).isoformat(),
    ("exhibitions", "booth_fee"): _said("18000", "26000", "32000"),
    ("exhibitions", "subsidy"): _said("9000", "13000", "16000"),
    ("bank", "bank"): lambda w: w.chance.choice(BANKS),
    ("bank", "account"): lambda w: f"9901{w.chance.randrange(10**11, 10**12)}",
    ("complainant", "members"): lambda w: w.own_name(),
    ("complainant", "email"): lambda w: w.person["email"],
    ("complainant", "phone"): lambda w: w.person["mobile"],
    ("respondent", "name"): _said("某区市场监督管理局（演示）", "某开发区管理委员会（演示）"),
    ("matter", "facts"): _said("招标文件对外商投资企业另设业绩门槛，我公司投标被否决，附招标文件和来往函件。"),
    ("matter", "request"): _said("请求协调撤销不平等条款，并给予书面答复。"),
    ("project", "name"): _said("云湖新材料产业园一期", "泽川冷链物流中心", "望岭风机叶片车间"),
    ("project", "industry"): lambda w: w.enterprise["industry"] if w.enterprise else "制造",
    ("project", "total"): _said("12000", "35000", "80000"),
    ("project", "land"): _said("45", "120.5"),
    ("project", "jobs"): _said("80", "260"),
    ("project", "start_on"): lambda w: w.day(20, 40),
    ("project", "finish_on"): lambda w: w.day(300, 600),
    ("project", "area"): _said("8600.5", "21000", "46000"),
    ("project", "price"): lambda w: w.money(8_000_000, 90_000_000),
    ("parties", "name"): _firms("name", 34),
    ("parties", "uscc"): _firms("uscc", 34),
    ("parties", "person"): lambda w: w.someone()["name"],
    ("bearers", "generation"): _each("第一代", "第二代", "第三代"),
    ("use", "needed_on"): lambda w: w.day(1, 2),
    ("use", "lost_on"): lambda w: w.day(-2, 0),
    ("use", "detail"): _said("乘坐高铁。", "参加考试。", "办理住宿。"),
    ("company", "name"): lambda w: (
        f"云泽{w.chance.choice(('青禾', '拾光', '远山', '同舟', '知味'))}{w.chance.choice(('商贸', '餐饮', '科技', '文化'))}有限公司"
    ),
    ("company", "capital"): _said("500000", "1000000", "3000000"),
    ("company", "scope"): _said("日用百货销售；食品销售；餐饮服务。", "软件开发；信息咨询；技术服务。"),
}

BY_TYPE: dict[str, Words] = {
    "textarea": _said("如附件材料所述（演示内容）。"),
    "person_name": lambda w: w.someone()["name"],
    "mobile": lambda w: w.someone()["mobile"],
    "phone": _said("0980-6612345"),
    "email": lambda w: w.person["email"],
    "uscc": lambda w: w.enterprise["uscc"] if w.enterprise else w.firm()["uscc"],
    "resident_id": lambda w: w.someone()["id_number"],
    "decimal": lambda w: str(w.chance.randrange(5, 190)),
    "area": lambda w: str(w.chance.randrange(200, 9000)),
    "percentage": _said("50"),
    "date": lambda w: w.day(-30, -2),
    "year": lambda w: str(w.on.year - 1),
    "yes_no": _said("yes"),
    "checkbox": _said("yes"),
}


def _by_type(writer: Writer, field: Field) -> Any:
    if field.type == "text":
        return _text(writer, field)
    least = int(field.min or 0) if field.type in ("money", "integer") else 0
    if field.type == "money":
        return writer.money(max(least, 100_000), least + 5_000_000)
    if field.type == "integer":
        return str(max(least, writer.chance.randrange(3, 60)))
    return BY_TYPE[field.type](writer)


def _text(writer: Writer, field: Field) -> str:
    if "址" in field.label or "地点" in field.label:
        return writer.address()
    if "国家" in field.label:
        return writer.chance.choice(COUNTRIES)
    if "姓名" in field.label:
        return str(writer.someone()["name"])
    return "见所附材料"
