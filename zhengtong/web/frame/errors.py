"""Failed, forbidden, not found, too large: designed states, each with what to do next. As a page, a piece or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from zhengtong.web.frame import kept
from zhengtong.web.frame.kinds import AnswerKind, answer_kind, is_same_origin
from zhengtong.web.frame.refusals import layout_of, problem


@dataclass(frozen=True, slots=True)
class State:
    code: str
    mark: str
    title: Promise | str
    text: Promise | str
    steps: tuple[Promise | str, ...] = ()


STATES: Mapping[int, State] = {
    400: State(
        "request.invalid",
        "search",
        _("这个请求我们看不懂"),
        _("地址或提交的内容不完整，或者被改动过。"),
        (_("请返回上一页，刷新后再试。"), _("如果您是从收藏夹或别处的链接来的，请从首页重新进入。")),
    ),
    401: State(
        "account.signed_out",
        "door",
        _("登录已过期"),
        _("请重新登录后继续。您填写的内容还在。"),
    ),
    403: State(
        "permission.missing",
        "lock",
        _("您没有打开这一页的权限"),
        _("这一页只对经办人员或办件本人开放。"),
        (_("如果这是您自己的办件，请用申请时的账户登录。"), _("如果您是工作人员，请向管理员核对您的岗位。")),
    ),
    404: State(
        "page.not_found",
        "search",
        _("没有找到这一页"),
        _("地址可能写错了，这一页也可能已经撤下。"),
        (_("请核对地址或办件编号。"), _("要办事，请用首页的搜索；要查进度，请凭办件编号查询。")),
    ),
    405: State(
        "request.method",
        "door",
        _("这一页不能这样打开"),
        _("这个地址只接收表单提交。"),
        (_("请回到上一页，从页面上的按钮操作。"),),
    ),
    411: State(
        "request.length_missing",
        "weight",
        _("无法接收这次上传"),
        _("发送方没有说明文件大小，系统不能安全地接收。"),
        (_("请换用常见的浏览器上传。"),),
    ),
    413: State(
        "request.too_large",
        "weight",
        _("上传的文件太大，没有接收"),
        _("一次提交的全部文件合计不能超过 %(most)s MB。您已保存的草稿不受影响。"),
        (
            _("照片请用手机的“文件扫描”功能，或把尺寸缩小；扫描件用 300 dpi、灰度就够了。"),
            _("多个文件请分几次上传。"),
            _("确实无法缩小的，请带原件到窗口办理。"),
        ),
    ),
    429: State(
        "request.too_many",
        "clock",
        _("操作太频繁，请稍等"),
        _("短时间内的尝试次数过多。为保护账户安全，请过几分钟再试。"),
        (_("验证码没有收到时，请先查看短信拦截和垃圾邮件。"), _("忘记密码请用“找回密码”，不必反复尝试。")),
    ),
    500: State(
        "system.failed",
        "cloud",
        _("系统出错了，这不是您的问题"),
        _("错误已自动记录，工作人员会查看。您已保存的内容没有丢失。"),
        (_("请过一会儿再试。"), _("需要帮助请拨打 12345，并告知下面的编号。")),
    ),
    503: State(
        "system.busy",
        "clock",
        _("系统正忙，请稍后再试"),
        _("这一步暂时没有办成，也没有办一半：再试一次不会重复。"),
        (_("请过一会儿再试。"),),
    ),
}


def state_page(request: HttpRequest, status: int, **facts: object) -> HttpResponse:
    state = STATES[status]
    text = str(state.text) % facts if facts else str(state.text)
    if answer_kind(request) is AnswerKind.JSON:
        return problem(request, status, text, code=state.code, facts=facts)
    context = {
        "state": state,
        "text": text,
        "status": status,
        "layout": layout_of(request),
        "request_id": request.META.get("ZHENGTONG_REQUEST_ID", ""),
    }
    if answer_kind(request) is AnswerKind.FRAGMENT:
        response = render(request, "frame/state_piece.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#told", "innerHTML show:window:top"
        return response
    return render(request, "frame/state.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent

    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return too_large(request)
    return state_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return state_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return state_page(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    from django.conf import settings

    return state_page(request, 413, most=settings.REQUEST_MAX_BYTES // (1024 * 1024))


def length_required(request: HttpRequest) -> HttpResponse:
    return state_page(request, 411)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler429, asked for by allauth's rate limits."""
    return state_page(request, 429)


def signed_out(request: HttpRequest) -> HttpResponse:
    return problem(request, 401, str(STATES[401].text), code=STATES[401].code)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Renders without the session, the user or the database, any of which may be what failed."""
    state = STATES[500]
    request_id = request.META.get("ZHENGTONG_REQUEST_ID", "")
    if answer_kind(request) is AnswerKind.JSON:
        return problem(request, 500, str(state.text), code=state.code)
    html = render_to_string("frame/state_bare.html", {"state": state, "text": state.text, "request_id": request_id})
    return HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW. Mostly a page older than the last sign-in: the fields are kept, one press sends them again."""
    if answer_kind(request) is AnswerKind.JSON:
        return problem(request, 403, str(_("页面已过期，请刷新后再试。")), code="request.page_expired")
    keeps = is_same_origin(request) and kept.keep(request)
    context = {
        "post": kept.kept_post(request) if keeps else None,
        "expired": True,
        "no_cookies": not request.COOKIES,
        "layout": layout_of(request),
    }
    return render(request, "frame/kept.html", context, status=HTTPStatus.FORBIDDEN)
