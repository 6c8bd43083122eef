"""What changes ratings: nodes are opened and close in silence; a rating is given once, added to once, set aside, put back."""

from zhengtong.domains.ratings.actions.counting import count_ratings, recount
from zhengtong.domains.ratings.actions.nodes import NodeDraft, ask_again, close_silent, open_node, open_nodes
from zhengtong.domains.ratings.actions.rating import exclude, follow_up, give, restore
from zhengtong.domains.ratings.actions.texts import publish_text, withhold_text

__all__ = [
    "NodeDraft",
    "ask_again",
    "close_silent",
    "count_ratings",
    "exclude",
    "follow_up",
    "give",
    "open_node",
    "open_nodes",
    "publish_text",
    "recount",
    "restore",
    "withhold_text",
]
