"""Every change of a letter, and of what the letter desk keeps. Flows say what follows what."""

from zhengtong.domains.letters.actions.ending import (
    close,
    confirm,
    convert,
    petition_dates,
    refuse,
    reopen,
    reveal,
    revisit,
    transfer,
    urge,
    withdraw,
)
from zhengtong.domains.letters.actions.importing import import_letters
from zhengtong.domains.letters.actions.keeping import (
    add_category,
    change_category,
    import_categories,
    retire_rule,
    save_rule,
    save_template,
)
from zhengtong.domains.letters.actions.moving import (
    follow_moved_limit,
    merge,
    moderate,
    reclassify,
    return_letter,
    route,
    take,
)
from zhengtong.domains.letters.actions.publishing import decline, propose, publish, unpublish
from zhengtong.domains.letters.actions.receiving import receive
from zhengtong.domains.letters.actions.replying import (
    approve,
    ask_extension,
    decline_extension,
    draft,
    extend,
    send,
    send_back,
)

__all__ = [
    "add_category",
    "approve",
    "ask_extension",
    "change_category",
    "close",
    "confirm",
    "convert",
    "decline",
    "decline_extension",
    "draft",
    "extend",
    "follow_moved_limit",
    "import_categories",
    "import_letters",
    "merge",
    "moderate",
    "petition_dates",
    "propose",
    "publish",
    "receive",
    "reclassify",
    "refuse",
    "reopen",
    "retire_rule",
    "return_letter",
    "reveal",
    "revisit",
    "route",
    "save_rule",
    "save_template",
    "send",
    "send_back",
    "take",
    "transfer",
    "unpublish",
    "urge",
    "withdraw",
]
