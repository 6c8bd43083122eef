"""A good reply becomes an article: the writer's words are kept, the person who asked is taken out, another officer checks."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.knowledge import actions
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.domains.knowledge.models import Article
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.letters.models import Letter
from zhengtong.rules.kinds import Kind
from zhengtong.rules.knowledge import ArticleKind, Topic, without_personal_data
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.refusal import Refusal, RefusalCode


def key_of_letter(letter_number: str) -> str:
    """The public address must not tell the letter's number; proposed twice, it is the same address."""
    return "r" + lookup_hash(f"article:{letter_number}")[:10]


def may_become_article(letter: Letter) -> bool:
    return letter.kind != LetterKind.TIP.value and not letter.confidential


@transaction.atomic
def propose_from_reply(
    letter_number: str,
    *,
    question: str,
    answer: str,
    topic: Topic = Topic.PROCEDURE,
    by: Acting,
    at: datetime,
) -> Article:
    """A draft in the knowledge base with the letter as its source. Numbers and the writer's name are masked first.

    NOT_FOUND for a tip, and for whoever asked to stay unknown: a reply to them may tell who they are.
    """
    letter = letters.letter_for(by, letter_number)
    if not may_become_article(letter):
        raise Refusal(RefusalCode.NOT_FOUND)
    names = letters.names_of(letter)
    wording = Wording(
        question=without_personal_data(question, *names),
        answer=without_personal_data(answer, *names),
        items=[letter.item_code] if letter.item_code else [],
        category=letter.category.code if letter.category else "",
    )
    return actions.draft(
        key_of_letter(letter_number), ArticleKind.ANSWER, topic, wording,
        organ_id=letter.organ_id or by.posts[0].organ_id,
        section_id=letter.section_id, letter_no=letter_number, event=Kind.ARTICLE_PROPOSED, by=by, at=at,
    )  # fmt: skip
