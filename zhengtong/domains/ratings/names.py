"""The hidden names of ratings: derived by keyed hash, so that a replay makes them again and nobody guesses them."""

from hmac import compare_digest

from zhengtong.base.keys import query_code

KEY, PROOF = 12, 8  # letters: 59 bits name a node, 39 more prove that the link was sent to somebody
SMS, SLIP = "sms", "slip"  # a link sent to the phone of the service; the code printed on its papers


def node_key(kind: str, subject: tuple[str, str]) -> str:
    return query_code("node", kind, *subject) + query_code("node+", kind, *subject)[: KEY - 8]


def rating_number(key: str) -> str:
    return query_code("rating", key) + query_code("rating+", key)[: KEY - 8]


def token(key: str, purpose: str) -> str:
    """What stands in a link or a QR code: the node's name and its proof."""
    return key + query_code("rating-link", purpose, key)


def opened(text: str) -> tuple[str, str] | None:
    """(node's key, purpose) of a link made by this house; None for any other."""
    cleaned = text.strip().upper()
    if len(cleaned) != KEY + PROOF or not cleaned.isascii():
        return None
    for purpose in (SMS, SLIP):
        if compare_digest(token(cleaned[:KEY], purpose), cleaned):
            return cleaned[:KEY], purpose
    return None
