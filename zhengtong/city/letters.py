"""来信 of the city's last month: consultations, suggestions, complaints and praise, answered by those concerned; and one
of each kind left open, so that every desk that handles letters finds one."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from zhengtong.base import calendar
from zhengtong.base.permission import SYSTEM, Acting, ActorKind
from zhengtong.city.accounts import APPROVER, CITIZEN, HALL_CLERK, HANDLER, LETTER_CLERK
from zhengtong.city.records import Record, city, item_documents
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import letter_author, letter_closed, letter_kept, letter_published, letter_replied, letter_routed
from zhengtong.flows.letter_received import receive
from zhengtong.rules.clock import local_date
from zhengtong.rules.letters import LetterKind, Mailbox, Satisfaction, needs_approval
from zhengtong.rules.masking import mask_name
from zhengtong.rules.period import SHANGHAI
from zhengtong.rules.roles import Ability

BOXES = (
    Mailbox.WEB, Mailbox.PHONE, Mailbox.WEB, Mailbox.COUNTER, Mailbox.DIRECTOR, Mailbox.WEB, Mailbox.SUGGESTIONS,
    Mailbox.HOTLINE, Mailbox.PAPER,
)  # fmt: skip
SPOKEN = frozenset({Mailbox.PHONE, Mailbox.COUNTER})
CATEGORIES = (
    ("企业开办", "营业执照"), ("企业开办", "住所"), ("商贸流通", "预付卡"), ("商贸流通", "特许经营"), ("商贸流通", "再生资源"),
    ("商贸流通", "参展补贴"), ("外资外贸", "信息报告"), ("外资外贸", "技术进出口"), ("大厅服务", "设施"), ("大厅服务", "服务时间"),
    ("大厅服务", "工作作风"),
)  # fmt: skip
TEMPLATES = (
    (
        "咨询答复", LetterKind.CONSULTATION,
        "您好！您{received}的来信（{number}）收到。现就所问答复如下：\n\n如还有不清楚的，请致电{organ}。感谢您的来信。",
    ),
    (
        "投诉核查答复", LetterKind.COMPLAINT,
        "您好！您{received}反映的问题（{number}），{organ}已经核查，情况如下：\n\n整改措施：\n\n对给您带来的不便，我们深表歉意。",
    ),
)  # fmt: skip
OPEN = (
    (LetterKind.CONSULTATION, Mailbox.WEB, "直播带货要不要办备案", "我想在家里做直播卖土特产，除了营业执照，还要到商务部门备案吗？", 1),
    (LetterKind.COMPLAINT, Mailbox.DIRECTOR, "参展补贴申请两周没有回音", "材料早就交齐了，打电话只说在走流程，请给个准话。", 6),
    (LetterKind.HELP, Mailbox.PHONE, "老人不会用自助机", "父亲七十六岁，自己来办事，取号机和自助机都不会用，能不能有人帮一下？", 3),
    (LetterKind.SUGGESTION, Mailbox.SUGGESTIONS, "大厅增设母婴室", "带孩子来办事没有地方喂奶，希望在一楼设一间母婴室。", 4),
)  # fmt: skip
DAY = timedelta(days=1)


def enact(*, at: datetime) -> None:
    """Rules, categories and templates; a month of letters; then what waits on each desk today."""
    clerk = _acting(LETTER_CLERK, at)
    if clerk is None:
        return
    _keep(clerk, at)
    told = [one for one in city().messages if one["kind"] in set(LetterKind)]
    days = calendar.current()
    for number, one in enumerate(told):
        day = days.nth_working_day(local_date(at), -(3 + len(told) - number))
        _live(one, number, datetime.combine(day, time(9, 10 + number % 40), SHANGHAI), clerk)
    _leave_open(clerk, at)


def _keep(clerk: Acting, at: datetime) -> None:
    letter_kept.import_category_tree(CATEGORIES, by=clerk)
    for name, kind, text in TEMPLATES:
        letter_kept.save_template(None, name=name, kind=kind.value, text=text, by=clerk, at=at)
    by_path = {one.path: one for one in letters.categories()}
    bureau = registry.officer_for(HANDLER).organ
    centre = next((organ for organ in registry.organs() if organ.is_centre), bureau)
    for path, organ in (("02", bureau), ("03", bureau), ("04", centre)):
        if path in by_path:
            letter_kept.save_rule(
                region="",
                category=by_path[path].code,
                about="",
                organ_code=organ.code,
                section_id=None,
                by=clerk,
                at=at,
            )


def _live(said: Record, number: int, came: datetime, clerk: Acting) -> None:
    """One letter from its receipt to the answer that the records hold."""
    kind, box = LetterKind(said["kind"]), BOXES[number % len(BOXES)]
    author = _author(said["from"])
    organ = _organ(said.get("item"))
    letter = receive(
        kind=kind, channel=box, subject_line=said["text"].split("，")[0].split("。")[0][:60], text=said["text"],
        organ_code=organ.code, oral=box in SPOKEN, may_publish=number % 2 == 0, received_at=came,
        language="en" if said.get("text_lang") == "en" else "", by=author[1], at=came + timedelta(minutes=4), **author[0],
    )  # fmt: skip
    if letter.organ_id is None:
        letter = letter_routed.route_letter(
            letter.number, organ_id=organ.pk, section_id=None, seen=None, by=clerk, at=came + timedelta(minutes=30)
        )
    answered = _workday(came, 1 + number % 3) + timedelta(hours=1)
    by = _somebody(letter, Ability.ANSWER_LETTERS, answered)
    if by is None:
        return
    letter_routed.take_letter(letter.number, seen=None, by=by, at=answered)
    finding = "confirmed" if "属实" in said["reply"] else "unfounded" if kind is LetterKind.COMPLAINT else ""
    facts: dict[str, Any] = {"text": said["reply"], "mode": "written", "finding": finding, "seen": None, "by": by}
    if needs_approval(kind, box, 1):
        letter_replied.draft_reply(letter.number, at=answered + timedelta(hours=2), **facts)
        chief = _somebody(letter, Ability.APPROVE_REPLIES, answered, but=by)
        if chief is not None:
            letter_replied.approve_reply(letter.number, seen=None, by=chief, at=answered + timedelta(hours=3))
    else:
        letter_replied.send_reply(letter.number, at=answered + timedelta(hours=2), **facts)
    _afterwards(letter.number, number, answered + DAY, clerk)


def _afterwards(number: str, place: int, at: datetime, clerk: Acting) -> None:
    """Some are called back, a few made public."""
    letter = letters.letters_by_numbers([number])[number]
    guide = _acting(HALL_CLERK, at)
    if letter.replied_at is None:
        return
    if place % 3 == 0 and guide is not None:
        letter_closed.revisit_letter(number, result=Satisfaction.SATISFIED, said="", seen=None, by=guide, at=at)
    if place % 4 == 0 and letter.may_publish and not letter.confidential:
        sent = letters.replies_sent(letter)[-1].text
        letter_published.propose_publication(
            number, title=letter.subject_line, question=letter.text, answer=sent, seen=None, by=clerk, at=at
        )
        chief = _somebody(letter, Ability.APPROVE_REPLIES, at)
        if chief is not None and place % 8 == 0:
            letter_published.publish_letter(number, seen=None, by=chief, at=at + timedelta(hours=1))


def _leave_open(clerk: Acting, at: datetime) -> None:
    """One to take up, one waiting for its approval, one nobody has routed, one urged, and one tip."""
    account = registry.account_by_phone(CITIZEN)
    author = registry.applicant_acting(account) if account is not None else SYSTEM
    handler = registry.officer_for(HANDLER)
    post = next(iter(registry.posts_in_force([handler.pk], local_date(at)).get(handler.pk, [])), None)
    numbers = []
    for kind, box, title, text, ago in OPEN:
        came = _workday(at, -ago).replace(hour=10)
        letter = receive(
            kind=kind, channel=box, subject_line=title, text=text, name=account.name if account else "", phone=CITIZEN,
            account_id=account.pk if account else None, oral=box in SPOKEN, received_at=came, by=author, at=came,
        )  # fmt: skip
        numbers.append(letter.number)
    for number in numbers[:3]:
        letter_routed.route_letter(
            number, organ_id=handler.organ_id, section_id=post.section_id if post else None, seen=None, by=clerk, at=at
        )
    acting, chief = _acting(HANDLER, at), _acting(APPROVER, at)
    if acting is not None and chief is not None:
        letter_routed.take_letter(numbers[1], seen=None, by=acting, at=at)
        letter_replied.draft_reply(
            numbers[1], text="您好！补贴申请已经评审，拟于本周内公示，公示期满即拨付。未及时告知进度，我们向您致歉。",
            mode="written", finding="partly", seen=None, by=acting, at=at,
        )  # fmt: skip
    if author is not SYSTEM:
        letter_author.urge_letter(numbers[2], by=author, at=at)
    receive(
        kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="窗口人员收礼的线索",
        text="有人说给经办人送过购物卡才办得快，时间和地点我可以当面讲。", by=Acting(ActorKind.APPLICANT, None, ""), at=at,
    )  # fmt: skip


# --- who and where ---


def _author(key: str) -> tuple[dict[str, Any], Acting]:
    """Name, phone and account of a person or an enterprise of the records, and who acts."""
    kind, _colon, name = key.partition(":")
    if kind == "person":
        row = city().person(name)
        account = registry.account_by_phone(row["mobile"])
        told = {"name": row["name"], "phone": row["mobile"], "account_id": account.pk if account else None}
    else:
        account, told = None, {"name": name, "phone": ""}
    acting = (
        registry.applicant_acting(account) if account else Acting(ActorKind.APPLICANT, None, mask_name(told["name"]))
    )
    return told, acting


def _organ(item: str | None) -> Any:
    """Who is responsible for the item named; the bureau one can sign in at for the others."""
    code = next((one["implementing_org"] for one in item_documents() if item and one["name"] == item), "")
    return (registry.organ_by_code(code) if code else None) or registry.officer_for(HANDLER).organ


def _somebody(letter: letters.Letter, ability: Ability, at: datetime, but: Acting | None = None) -> Acting | None:
    """Somebody of the organ that has the letter, the same in every city."""
    posts = letters.people_of(letter.organ_id, letter.section_id, ability, local_date(at))
    return _first([post.officer for post in posts if but is None or post.officer_id != but.id], at)


def _first(officers: Sequence[Any], at: datetime) -> Acting | None:
    for officer in officers:
        if officer.account_id is not None:
            return registry.officer_acting(officer.account_id, local_date(at))
    return None


def _acting(staff_no: str, at: datetime) -> Acting | None:
    return _first([registry.officer_for(staff_no)], at)


def _workday(at: datetime, n: int) -> datetime:
    day = calendar.current().nth_working_day(local_date(at), n)
    return datetime.combine(day, at.astimezone(SHANGHAI).timetz())
