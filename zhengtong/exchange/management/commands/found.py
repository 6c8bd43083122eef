import os
import tomllib
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from zhengtong.base import calendar
from zhengtong.base.parameters import actions as parameters
from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.domains.performance.actions import tables as score_tables
from zhengtong.domains.registry import actions, founding, queries
from zhengtong.domains.registry.founding import HallRow, OrganRow, RegionRow, WindowRow
from zhengtong.domains.supervision import actions as supervision
from zhengtong.exchange.sentences import sentence
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Role

FOUNDER = Acting(ActorKind.IMPORT, None, "建站", (PostHeld(Role.ADMINISTRATOR, 0),))
PASSWORD = "ZHENGTONG_ADMIN_PASSWORD"  # noqa: S105  (the name of a variable)
EMPTY = {
    "name_en": "", "address": "", "consult_phone": "", "complaint_phone": "", "appeal_organ": "", "court": "",
    "is_centre": False, "sections": (),
}  # fmt: skip


class Command(BaseCommand):
    help = "在空数据库里建立真实的地方：区划、机关、科室、窗口和第一个管理员。样例见 docs/found.example.toml。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if queries.organs().exists():
            raise CommandError("数据库里已经有机关，不能再次建立。增加机关和人员请在工作台办理。")
        try:
            told = tomllib.loads(options["file"].read_text("utf-8"))
            organs = [OrganRow(**{**EMPTY, **row}) for row in told["organs"]]
            regions = [RegionRow(**{"name_en": "", **row}) for row in told["regions"]]
            halls = [HallRow(**row) for row in told.get("halls", [])]
            windows = [WindowRow(**row) for row in told.get("windows", [])]
            first = {name: str(told["administrator"][name]) for name in ("staff_no", "name", "organ")}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise CommandError(f"读不了 {options['file']}：{fault}") from fault
        except (KeyError, TypeError) as fault:
            raise CommandError(
                f"{options['file']} 里缺少或多出一项：{fault}。请对照 docs/found.example.toml。"
            ) from fault
        password = _password()
        try:
            _found(regions, organs, halls, windows, first, password, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(sentence(refusal)) from refusal
        except KeyError as fault:
            raise CommandError(f"引用了没有列出的区划、机关或大厅：{fault}。请先列出它。") from fault
        self.stdout.write(f"已建立 {len(organs)} 个机关。请用工号 {first['staff_no']} 登录工作台，继续添加人员和岗位。")


@transaction.atomic
def _found(
    regions: list[RegionRow], organs: list[OrganRow], halls: list[HallRow], windows: list[WindowRow], first: dict[str, str], password: str,
    *, at: datetime,
) -> None:  # fmt: skip
    """All of it or nothing."""
    calendar.seed(at=at)
    parameters.seed()
    supervision.seed(at=at)
    score_tables.seed(at=at)
    founding.lay_out(regions, organs, halls, windows)
    organ = queries.organ_by_code(first["organ"])
    if organ is None:
        raise KeyError(first["organ"])
    officer = actions.appoint_with_account(
        staff_no=first["staff_no"], name=first["name"], organ=organ, password=password, by=FOUNDER, at=at
    )
    actions.give_post(
        officer, role=Role.ADMINISTRATOR, organ=organ, section=None, since=timezone.localdate(at), by=FOUNDER, at=at
    )


def _password() -> str:
    """From the environment or typed unseen, twice; never shown, never kept but as a hash."""
    password = os.environ.get(PASSWORD) or getpass("管理员密码：")
    if PASSWORD not in os.environ and getpass("再输入一次：") != password:
        raise CommandError("两次输入的密码不一样。请重新运行。")
    try:
        validate_password(password)
    except ValidationError as fault:
        raise CommandError("".join(fault.messages)) from fault
    return password
