"""Items in and out as files: what an import would change is shown before it is applied."""

import base64
import zlib
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.catalogue import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.exchange import items, rejects
from zhengtong.rules import item_document
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.items import CHECK, EDIT
from zhengtong.web.frame.sheets import XLSX

MOST_BYTES = 2 * 1024 * 1024  # what travels through the preview; a whole province goes by the command line
SALT = "zhengtong.desk.item_import"
SHOWN = 200


@desk(EDIT, CHECK)
@require_safe
def export(request: ActingRequest) -> HttpResponse:
    organ, code = reading.key(request, "organ") or None, reading.key(request, "item") or None
    ending = "xlsx" if request.GET.get("format") == "xlsx" else "json"
    documents = queries.all_documents(organ=organ, item_codes=[code] if code else None)
    name = f"items-{code or organ or 'all'}.{ending}"
    kind = XLSX if ending == "xlsx" else "application/json"
    answer = HttpResponse(items.export_file(name, documents), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{_safe(name)}"'
    return answer


def _safe(name: str) -> str:
    return "".join(c if (c.isalnum() and c.isascii()) or c in "._-" else "_" for c in name)


@desk(EDIT)
@require_http_methods(["GET", "POST"])
def import_items(request: ActingRequest) -> HttpResponse:
    """First the file, then its preview; the file travels with the page, signed, until it is applied."""
    if request.method == "POST" and request.POST.get("do") == "apply":
        return _apply(request)
    if request.method == "POST":
        return _preview(request)
    return render(request, "desk/house/items_import.html", {"most": MOST_BYTES // 1024 // 1024})


def _refused(request: ActingRequest, sentence: str) -> HttpResponse:
    context = {"refused": sentence, "most": MOST_BYTES // 1024 // 1024}
    return render(request, "desk/house/items_import.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _preview(request: ActingRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or file.size == 0:
        return _refused(request, _("请选择要导入的 JSON 或 XLSX 文件。"))
    if file.size is None or file.size > MOST_BYTES:
        return _refused(request, _("文件太大，网页上最多导入 2 MB。请分成几个文件，或请管理员用命令行导入。"))
    data, name = file.read(), str(file.name)
    rows = items.read_file(name, data)
    told = _told(rows, request)
    packed = signing.dumps({"name": name, "data": base64.b85encode(zlib.compress(data)).decode()}, salt=SALT)
    context = told | {"packed": packed, "file": name, "most": MOST_BYTES // 1024 // 1024}
    return render(request, "desk/house/items_import.html", context)


def _told(rows: list[items.Row], request: ActingRequest) -> dict[str, Any]:
    """What an import would do with each row, by reading only."""
    states = queries.states([str(row.raw.get("item_code", "")) for row in rows])
    own = {organ.code for organ in registry.organs() if organ.pk in request.acting.organs(EDIT)}
    new, changed, same, faults = [], [], 0, []
    for row in rows:
        problems = row.problems or tuple(item_document.problems(row.raw))
        code, name = str(row.raw.get("item_code", "")), str(row.raw.get("name", ""))
        if problems:
            faults += list(rejects.lines(rejects.Reject(row.line, code, name, problems, raw=row.raw)))
            continue
        document = item_document.normalise(row.raw)
        if document["implementing_org"] not in own:
            why = _("您没有维护这个实施主体的事项的岗位。请由其事项维护岗导入。")
            faults += list(rejects.lines(rejects.Reject(row.line, code, name, why=why)))
        elif (state := states.get(code)) is None:
            new.append((code, name))
        elif state.digest == actions.digest(document):
            same += 1
        else:
            changed.append((code, name, len(queries.changes_to(state.version_id, document)), state.open))
    return {"new": new[:SHOWN], "new_count": len(new), "changed": changed[:SHOWN], "changed_count": len(changed),
            "same": same, "faults": faults[:SHOWN], "fault_count": len(faults)}  # fmt: skip


def _apply(request: ActingRequest) -> HttpResponse:
    try:
        packed = signing.loads(request.POST.get("packed", ""), salt=SALT, max_age=4 * 60 * 60)
        data = zlib.decompress(base64.b85decode(packed["data"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError, zlib.error):
        return _refused(request, _("预览已过期。请重新选择文件。"))
    outcome = items.import_rows(
        items.read_file(packed["name"], data), items.Target.DRAFT, by=request.acting, at=timezone.now()
    )
    faults = [line for reject in outcome.rejects for line in rejects.lines(reject)]
    if not faults:
        messages.success(
            request,
            _("已导入：新增 %(new)s 项，修改 %(changed)s 项，没有变化 %(same)s 项。都是草稿，审核发布后生效。")
            % {"new": outcome.taken, "changed": outcome.changed, "same": outcome.unchanged},
        )
        return redirect("desk:items")
    context = {
        "outcome": outcome,
        "faults": faults[:SHOWN],
        "fault_count": len(faults),
        "most": MOST_BYTES // 1024 // 1024,
    }
    return render(request, "desk/house/items_import.html", context)
