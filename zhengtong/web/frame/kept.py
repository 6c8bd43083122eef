"""What a person posted when nobody was signed in any more (or the page was out of date): kept, shown again, sent on.

The fields wait in the session, encrypted, for the same account in the same browser. After sign-in one page shows that
they are still there and posts them to where they were going, with one press. This works for every form of the house
and needs no script. Files are not kept, and the page says so.
"""

import json
import time
from dataclasses import asdict, dataclass, field

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhengtong.base.personal import decrypt, encrypt
from zhengtong.web.frame.context import Page
from zhengtong.web.frame.kinds import is_same_origin

SESSION_KEY = "zhengtong_kept"
ACCOUNT_COOKIE = "zhengtong_account"
MOST_BYTES = 1024 * 1024
KEPT_SECONDS = 2 * 60 * 60
NEVER_KEPT = ("/accounts/", "/preferences/")


@dataclass(slots=True)
class KeptPost:
    path: str
    fields: list[tuple[str, str]]
    files: list[str] = field(default_factory=list)
    account: str = ""  # the key of who was signed in before; nobody else gets to see this
    kept_at: int = 0


def keep(request: HttpRequest) -> bool:
    """Keeps a posted form; False when there is nothing to keep or it must not be kept."""
    if request.method != "POST" or request.path.startswith(NEVER_KEPT) or not is_same_origin(request):
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    post = KeptPost(
        path=request.get_full_path(),
        fields=fields,
        files=[upload.name or "" for uploads in request.FILES.lists() for upload in uploads[1]],
        account=request.COOKIES.get(ACCOUNT_COOKIE, ""),
        kept_at=int(time.time()),
    )
    text = json.dumps(asdict(post), ensure_ascii=False)
    if not (post.fields or post.files) or len(text) > MOST_BYTES:
        return False
    # Forms hold identity numbers; the session table must not hold them in clear.
    request.session[SESSION_KEY] = encrypt(text)
    return True


def kept_post(request: HttpRequest) -> KeptPost | None:
    """What is kept for this person, if it is theirs and still fresh."""
    sealed = request.session.get(SESSION_KEY)
    if not sealed:
        return None
    stored = json.loads(decrypt(sealed))
    post = KeptPost(**{**stored, "fields": [(name, value) for name, value in stored["fields"]]})
    now_signed_in = Page(request).account_key
    stranger = bool(post.account and now_signed_in and post.account != now_signed_in)
    if stranger or time.time() - post.kept_at > KEPT_SECONDS:
        drop(request)
        return None
    return post


def drop(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def remember_account(request: HttpRequest, response: HttpResponse) -> None:
    """Lets a later, signed-out request of this browser say whose it was. The cookie is a keyed hash and ends with it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    key = Page(request).account_key
    if request.COOKIES.get(ACCOUNT_COOKIE) != key:
        response.set_cookie(ACCOUNT_COOKIE, key, httponly=True, samesite="Lax", secure=request.is_secure())


def resume_url() -> str:
    return reverse("frame:kept")
