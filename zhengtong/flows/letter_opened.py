"""How every step of a letter begins: the letter with permission, as the page showed it."""

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import queries
from zhengtong.domains.letters.models import Letter


def opened_letter(number: str, seen: int | None, by: Acting) -> Letter:
    """Refuses what is not this person's (NOT_FOUND) and a page that has grown old (STALE)."""
    letter = queries.letter_for(by, number)
    queries.check_seen(letter, seen)
    return letter


def own_letter(number: str, code: str, by: Acting) -> Letter:
    """The author's, by their account or by the query code of the receipt."""
    return queries.by_code(number, code) if code else queries.letter_for(by, number)
