"""Which files of an edition did I ask for, and how far are they?"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from desk.domain.export_files import ask_for_export, exports_of, fetch
from desk.forms.registrations import ExportForm
from desk.models import Export
from desk.rules import may_see_registrations
from events.views.event_lookup import visible_event

TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_see_registrations)
def export_list(request, slug):
    event, now = visible_event(request, slug), timezone.now()
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_for_export(event=event, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, "The file is being made. This page shows how far it is.")
        return redirect("desk-exports", slug=slug)
    rows = list(exports_of(event=event, by=request.user, now=now))
    context = {
        "event": event,
        "tab": "exports",
        "form": form,
        "under_way": [one for one in rows if one.state in Export.OPEN],
        "ready": [one for one in rows if one.state == Export.State.DONE],
        "failed": [one for one in rows if one.state == Export.State.FAILED],
    }
    return render(request, "desk/exports.html", context, status=422 if form.errors else 200)


@require_safe
@desk_required(may_see_registrations)
def export_file(request, slug, uid):
    export = fetch(event=visible_event(request, slug), uid=uid, by=request.user, now=timezone.now())
    if export is None:
        raise Http404
    response = HttpResponse(bytes(export.content), content_type=TYPES[Export.Format(export.format)])
    response["Content-Disposition"] = f'attachment; filename="{slug}-{export.kind}.{export.format}"'
    response["Cache-Control"] = "private, no-store"
    return response
