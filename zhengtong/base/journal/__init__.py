"""The journal (一本账): every change of any subject appends one entry, in the same transaction as the row.

`commit` is the only way a subject's row changes: it guards by version, writes the row, chains the entry.
"""

from zhengtong.base.journal.chain import check_chain, entry_hash
from zhengtong.base.journal.record import Event, commit, insert, insert_all
from zhengtong.base.journal.replay import check_subject
from zhengtong.base.journal.subject import Subject

__all__ = ["Event", "Subject", "check_chain", "check_subject", "commit", "entry_hash", "insert", "insert_all"]
