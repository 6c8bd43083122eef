"""Time stamps (RFC 3161) of checkpoints by an authority outside the house: then even we cannot date a log back.

Off without `ZHENGTONG_SEAL_TSA_URL`. Needs the extra `rfc3161-client`; the rest of the seal does not.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.request import Request, urlopen

import structlog
from django.conf import settings

from zhengtong.base.seal.models import Checkpoint, TimeStamp

log = structlog.get_logger(__name__)

EVERY = timedelta(hours=1)  # authorities count requests; an hour is what a dispute about a date needs
PATIENCE = 20  # seconds
Post = Callable[[str, bytes], bytes]


def stamp_last(*, at: datetime, post: Post | None = None) -> int:
    """Has the newest checkpoint stamped when an hour has passed since the last stamp; 1 when one came.

    An authority that does not answer is asked again next time: the seal does not wait for it.
    """
    if not settings.SEAL_TSA_URL:
        return 0
    newest = Checkpoint.objects.order_by("-pk").first()
    before = TimeStamp.objects.order_by("-pk").select_related("checkpoint").first()
    if newest is None or (before and (before.checkpoint_id == newest.pk or newest.at - before.checkpoint.at < EVERY)):
        return 0
    try:
        token, stamped_at = _stamped(newest.note.encode(), post or _post)
    except (OSError, ValueError) as fault:
        log.warning("seal.not_stamped", size=newest.size, why=str(fault))
        return 0
    TimeStamp.objects.create(checkpoint=newest, at=stamped_at, token=token)
    return 1


def _stamped(note: bytes, post: Post) -> tuple[bytes, datetime]:
    """The authority's response and its time. Raises ValueError when it is no stamp of this note."""
    from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

    # No nonce: a checkpoint is never asked about twice, so an old answer cannot fit it.
    request = TimestampRequestBuilder().data(note).nonce(nonce=False).build()
    token = post(settings.SEAL_TSA_URL, request.as_bytes())
    response = decode_timestamp_response(token)
    if response.status not in (0, 1):  # granted, granted with modifications (RFC 3161 §2.4.2)
        raise ValueError(f"refused with status {response.status}")
    if response.tst_info.message_imprint.message != request.message_imprint.message:
        raise ValueError("a stamp of something else")
    return token, response.tst_info.gen_time


def _post(address: str, body: bytes) -> bytes:
    if not address.startswith(("http://", "https://")):
        raise ValueError("ZHENGTONG_SEAL_TSA_URL must begin with http:// or https://")
    request = Request(address, body, {"Content-Type": "application/timestamp-query"})  # noqa: S310  (checked above)
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  (checked above)
        content: bytes = answer.read(1_000_000)
        return content
