from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.exchange import articles
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import ABILITIES, Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.frame.sheets import csv_answer


@desk(Ability.KEEP_KNOWLEDGE)
@require_GET
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    if form == "csv":
        return csv_answer(articles.as_table(), "articles")
    if form != "json":
        raise Http404
    answer = HttpResponse(articles.as_json(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="articles.json"'
    return answer


@desk(Ability.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: ActingRequest) -> HttpResponse:
    """Drafts or revisions; another person checks each of them."""
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            rows = articles.read(file.name or "", file.read()) if file else articles.read("", b"")
            post = next(p for p in request.acting.posts if Ability.KEEP_KNOWLEDGE in ABILITIES[p.role])
            outcome = articles.take_in(rows, organ_id=post.organ_id, by=request.acting, at=timezone.now())
            context["outcome"] = outcome
            context["rejects"] = [(line, sentence_html(refusal)) for line, refusal in outcome.rejects]
        except Refusal as refusal:
            context["refused"], status = sentence_html(refusal), status_of(refusal.code)
    return render(request, "desk/knowledge/import.html", context, status=status)
