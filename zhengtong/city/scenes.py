"""What must be seen on the first day: every state a case can stand in, every light, and something on each demo desk.

A scene is told backward from now: how many working days ago the case was accepted, and how far it has come.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhengtong.city import words
from zhengtong.city.accounts import CITIZEN, HANDLER
from zhengtong.city.hours import DAY, Hours
from zhengtong.city.lives import MOBILE, WEB, WINDOW, Event, Life, Pen, hurry, live
from zhengtong.city.records import city

Played = Callable[[Pen], None]

FIRM = "云泽联运商贸有限公司"  # of the legal representative's and the agent's demo account, as on the pictured page


@dataclass(frozen=True)
class Scene:
    """`days`: working days since acceptance (or since submission, where it never came so far)."""

    item: str
    days: float
    then: tuple[Played, ...] = ()
    firm: str = ""
    person: str = ""
    agent: bool = False
    special: bool = False
    channel: str = WEB
    to: str = ""  # staff number it is dispatched to
    facts: dict[str, Any] = field(default_factory=dict)


def _do(verb: str, **facts: Any) -> Played:
    return lambda pen: pen.do(verb, **facts)


def _wait(share: float) -> Played:
    return lambda pen: pen.wait(share * DAY)


def _accept(pen: Pen) -> None:
    pen.do("accept")


def _process(pen: Pen) -> None:
    pen.do("tick", share=1)
    pen.wait(3)
    pen.do("forward", opinion=pen.say(words.PROCESSED))


def _review(pen: Pen) -> None:
    pen.do("tick", share=1)
    pen.wait(3)
    pen.do("forward", opinion=pen.say(words.REVIEWED))


def _looked_at(pen: Pen) -> None:
    """Half the checklist is done."""
    pen.do("tick", share=0.5)


def _expert(code: str) -> Played:
    return lambda pen: pen.do("suspend", code=code, reason=pen.say(words.SUSPENDED), days=10)


def _supplement(pen: Pen) -> None:
    pen.do("request_supplement", problem=pen.say(words.PROBLEMS))


def _decide(pen: Pen) -> None:
    pen.do("decide", grants=True, opinion=pen.say(words.GRANTED))


def _finish(pen: Pen) -> None:
    pen.do("finish", note=pen.say(words.FINISHED))


def _ask(pen: Pen) -> None:
    pen.do("ask", text=pen.say(words.FROM_APPLICANT))


DECIDED = (_accept, _wait(0.6), _process, _wait(0.5), _review, _wait(0.4), _decide)

SCENES: tuple[Scene, ...] = (
    # --- as on the pictured tracking page: the legal representative's filing lies with the reviewer
    Scene("011", 3, (_accept, _wait(1.6), _process), firm=FIRM, to=HANDLER),
    Scene("014", 0.2, (), firm=FIRM),
    Scene("028", 2, (_supplement,), firm=FIRM),
    Scene("011", 9, (*DECIDED, _wait(0.1), _finish), firm="云湖悦美健身管理有限公司"),
    Scene("028", 6, (*DECIDED, _wait(0.2), _finish), firm=FIRM, agent=True),
    Scene("011", 1.5, (_accept, _wait(0.4), _ask), firm="云泽老街糕点有限公司", agent=True, to=HANDLER),
    # --- the handler's desk: over the legal limit, late, soon, in time, paused
    Scene("014", 12, (_accept,), firm="云泽百味餐饮连锁有限公司", to=HANDLER),
    Scene("011", 7, (_accept, _wait(2), _ask, _wait(1), _do("urge")), firm="云泽市惠邻超市连锁有限公司", to=HANDLER),
    Scene("011", 4, (_accept, _wait(1), _looked_at), firm="云湖悦美健身管理有限公司", to=HANDLER),
    Scene("011", 3.2, (_accept,), firm="云泽仁济大药房连锁有限公司", to=HANDLER),
    Scene("014", 2, (_accept, _wait(1), _looked_at), firm="云泽特许便利店管理有限公司", to=HANDLER),
    Scene("010", 2.5, (_accept,), firm="云泽融通典当有限公司", to=HANDLER),
    Scene(
        "010",
        6,
        (_accept, _wait(2), _expert("expert_review")),
        firm="北疆拍卖行（云泽）有限公司",
        agent=True,
        to=HANDLER,
    ),
    Scene("016", 11, (_accept, _wait(6)), firm="云泽海路劳务合作有限公司"),
    # --- the reviewer's and the approver's
    Scene("014", 9, (_accept, _wait(5), _process), firm="云泽童心教育科技有限公司"),
    Scene("011", 6, (_accept, _wait(4), _process), firm="钟鼓楼书店有限公司"),
    Scene("010", 7, (_accept, _wait(3), _process, _wait(1), _review), firm="北疆拍卖行（云泽）有限公司"),
    Scene("008", 11, (_accept, _wait(6), _process, _wait(2), _review), firm="云泽石油有限公司", agent=True),
    Scene("018", 2, (_accept, _wait(0.8), _process, _wait(0.5), _review), firm="云泽远图技术贸易有限公司"),
    Scene("017", 1.2, (_accept, _wait(0.4), _process, _wait(0.3), _review), firm="云泽新材料产业投资有限公司"),
    Scene(
        "012",
        14,
        (_accept, _wait(8), _process, _wait(2), _review, _wait(1), _do("extend", days=10, reason=words.EXTENDED)),
        firm="绿源再生资源（云泽）有限公司",
    ),
    # --- other sections of the bureau
    Scene(
        "024",
        2,
        (_accept, _wait(1), _process, _wait(0.5), _do("ask_special", reason=words.URGENT)),
        firm="云泽车市管理有限公司",
        channel=WINDOW,
    ),
    Scene("008", 9, (_accept, _wait(3), _expert("site_survey")), firm="泽川加油站有限公司"),
    Scene("012", 8, (_accept, _wait(3), _expert("expert_review")), firm="云泽德诚报废汽车回收拆解有限公司"),
    Scene("021", 5, (_accept,), firm="云泽北斗机电进出口有限公司"),
    Scene(
        "020", 1, (_accept, _wait(0.3), _do("consult", question=words.QUESTIONS[0])), firm="云泽金穗粮油贸易有限公司"
    ),
    Scene("032", 9, (_accept, _wait(5), _process), firm="望岭风电开发有限公司"),
    Scene("032", 4, (_accept,), firm="云泽新材料产业投资有限公司"),
    Scene("029", 12, (_accept,), firm="云泽瑞典林格精密部件有限公司"),
    Scene("029", 3, (_accept,), firm="佐仓电子材料（云泽）有限公司"),
    Scene("019", 6, (_accept, _wait(2), _expert("expert_review")), firm="佐仓电子材料（云泽）有限公司"),
    Scene("035", 3, (_accept, _wait(1), _process), firm="云泽安居建设工程有限公司"),
    # --- states that hardly last
    Scene(
        "009",
        5,
        (
            _accept,
            _wait(1),
            _process,
            _wait(0.6),
            _review,
            _wait(0.4),
            _do("send_up", upper_organ=words.UPPER, opinion=words.SENT_UP[0]),
        ),
        firm="泽川港务物流有限公司",
    ),
    Scene(
        "015",
        8,
        (
            _accept,
            _wait(2),
            _process,
            _wait(1),
            _review,
            _wait(1),
            _do("send_up", upper_organ=words.UPPER, opinion=words.SENT_UP[0]),
        ),
        firm="云泽星桥直销（模拟）有限公司",
    ),
    Scene("025", 2, DECIDED, firm="云泽国际货运代理有限公司"),
    Scene(
        "031", 9, (_accept, _wait(3), _process, _wait(2), _review, _wait(2), _decide), firm="泽达跨境电子商务有限公司"
    ),
    Scene("013", 0.05, (_accept,), firm="大梁乡供销有限公司", channel=WINDOW),
    Scene(
        "022",
        1,
        (_do("refuse_acceptance", reason=words.NOT_ACCEPTED[2][0], basis=words.NOT_ACCEPTED[2][1], right_organ=""),),
        firm="望岭羊绒制品有限公司",
    ),
    Scene("023", 0.6, (_do("propose_void", reason=words.VOIDED),), firm="云泽恒远汽车销售服务有限公司", channel=WINDOW),
    Scene("030", 3, (_supplement, _wait(1), _do("supplement")), firm="云泽百年酿造有限公司"),
    Scene(
        "023",
        3,
        (_do("propose_void", reason=words.VOIDED), _wait(0.1), _do("void")),
        firm="云泽丰收农机有限公司",
        channel=WINDOW,
    ),
    Scene("030", 34, (_supplement,), firm="云泽明月楼饮食有限公司"),  # nothing came: lapsed
    Scene("024", 9, (), firm="云泽顺驰二手车经营有限公司"),  # nobody looked: deemed accepted, and late by now
    # --- the citizen's own
    Scene("034", 0.4, (_accept, _wait(0.2), _process), person=CITIZEN, channel=MOBILE),
    Scene("034", 6, (_supplement,), person=CITIZEN),
    Scene(
        "033",
        20,
        (_do("at_once", opinion=words.GRANTED[0]), _wait(0.1), _do("deliver", mode="direct", tracking_no="")),
        person=CITIZEN,
        special=True,
        channel=WINDOW,
    ),
    Scene(
        "034",
        30,
        (*DECIDED, _wait(0.2), _finish, _wait(0.3), _do("deliver", mode="electronic", tracking_no="")),
        person=CITIZEN,
    ),
    Scene("034", 11, (_do("withdraw", reason=words.WITHDRAWN[0]),), person=CITIZEN),
    Scene("034", 0.1, (), person=CITIZEN),
)

# Handed in within the last hours, by whoever; on a rest day they came over the net.
TODAY = ("011", "013", "017", "020", "021", "024", "033", "034", "018", "004")


def scenes(seed: str, first: int, start: datetime, hours: Hours) -> list[Event]:
    events: list[Event] = []
    for number, scene in enumerate(SCENES, start=first):
        events += _told(live(seed, number, scene.item, **_who(scene)), scene, start, hours)
    for number, item in enumerate(TODAY, start=first + len(SCENES)):
        life = live(seed, number, item, channel=WEB)
        at = start - timedelta(minutes=9 + 17 * (number - first - len(SCENES)))
        events.append(Event(at, life, "submit"))
    return events


def _who(scene: Scene) -> dict[str, Any]:
    chosen: dict[str, Any] = {"channel": scene.channel, "agent": scene.agent, "special": scene.special}
    if scene.person:
        key = next(p["key"] for p in city().persons if p["mobile"] == scene.person)
        return {**chosen, "person": key, "enterprise": "", "agent": False}
    firm = next(e for e in city().enterprises if e["name"] == scene.firm)
    person = firm["contact" if scene.agent else "legal_representative"]
    return {**chosen, "enterprise": firm["uscc"], "person": person}


def _told(life: Life, scene: Scene, start: datetime, hours: Hours) -> list[Event]:
    accepted = hours.before(start, scene.days * DAY + life.chance.randrange(3, 9))
    pen = Pen(life, hours.before(accepted, life.chance.randrange(25, 70)), hours)
    pen.do("submit")
    if life.special:
        pen.later(seconds=90)
        hurry(pen)
    pen.at = accepted
    for act in scene.then:
        act(pen)
        if scene.to and pen.events[-1].verb == "accept":
            pen.wait(2)
            pen.do("dispatch", to=scene.to)
        pen.later(seconds=20)
    return pen.events
