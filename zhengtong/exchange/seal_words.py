"""What a check of the seal found, for people: what is wrong, and where."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengtong.base.seal.findings import Tampering

SENTENCES: dict[Tampering, Promise | str] = {
    Tampering.ENTRY_CHANGED: _("第 %(position)s 位的记录（%(subject)s 第 %(seq)s 条）存证后被改动。"),
    Tampering.ENTRY_MISSING: _("第 %(position)s 位的记录（内部编号 %(entry)s）被删除。"),
    Tampering.ENTRY_REORDERED: _(
        "记录 %(subject)s 第 %(seq)s 条被挪动：现在第 %(position)s 位，存证时在第 %(sealed_at)s 位。"
    ),
    Tampering.ENTRY_UNSEALED: _("记录 %(subject)s 第 %(seq)s 条（内部编号 %(entry)s）没有经过存证，是后来插入的。"),
    Tampering.PLACE_CHANGED: _(
        "第 %(position)s 位的记录和它的存证值一起被改动（%(subject)s 第 %(seq)s 条），与已签名的日志不符。"
    ),
    Tampering.PLACE_MISSING: _("第 %(position)s 位的存证值被删除。"),
    Tampering.TAIL_CUT: _("日志尾部被截断：签名过 %(signed)s 条，现在只有 %(since)s 条。"),
    Tampering.LOG_FORKED: _(
        "日志分叉：有本机构签名的 %(size)s 条检查点与现有日志不符，改动在第 %(since)s 位到该检查点之间。"
    ),
    Tampering.TILE_REWRITTEN: _("公开文件 %(path)s 被改写。"),
    Tampering.TILE_MISSING: _("公开文件 %(path)s 不见了。"),
    Tampering.CHECKPOINT_FORGED: _("%(size)s 条的检查点签名无效，是伪造的。"),
    Tampering.CHECKPOINT_LOST: _("%(size)s 条的检查点在公开文件与数据库之间少了一份。"),
    Tampering.KEY_UNKNOWN: _("密钥 %(key)s 不是由前一把密钥交接的。"),
}


class _Told(dict[str, Any]):
    """Where a fact is not known (an entry that is gone), the sentence keeps its shape."""

    def __missing__(self, key: str) -> str:
        return "—"


def finding_sentence(code: str, facts: Mapping[str, Any]) -> str:
    told = _Told({name: gettext("无法辨认") if value is None else value for name, value in facts.items()})
    return str(SENTENCES[Tampering(code)]) % told
