"""What do organisers and the board see of a target? The list, the page, and its files."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import desk_required
from foundation.refusals import Refusal
from reporting.charts import charts_of, progress
from reporting.domain.figures.counting import scope_events
from reporting.domain.near_matches import open_pairs
from reporting.domain.presenter import tell
from reporting.domain.publishing import publish_report
from reporting.domain.report_access import live_values, published_report
from reporting.domain.targets_overview import overview
from reporting.faces import face_of
from reporting.forms import ReadingForm, ScheduleForm
from reporting.models import Target
from reporting.rules import may_read_reports, may_record, may_see_live


@require_safe
@desk_required(may_read_reports)
def reach_list(request):
    """The dashboard: each target with its plan line, where we are and what is to come."""
    live = may_see_live(request.user)
    rows = [
        {
            "target": one.target,
            "told": tell(one.values) if one.values else None,
            "progress": progress(one.values) if one.values else "",
            "gap": one.gap,
            "published": one.published,
        }
        for one in overview(now=timezone.now(), by=request.user, live=live)
    ]
    return render(
        request, "reporting/list.html", {"rows": rows, "live": live, "to_settle": open_pairs() if live else 0}
    )


@require_safe
@desk_required(may_read_reports)
def target_page(request, slug):
    target = get_object_or_404(Target.objects.select_related("series", "event", "schedule"), slug=slug)
    form = ReadingForm(request.GET)
    values = _values(request, target, form, face="page") if form.is_valid() else None
    told = tell(values) if values else None
    context = {
        "target": target,
        "form": form,
        "told": told,
        "progress": progress(values) if values else "",
        "charts": charts_of(told, phones=True) if told else {},
        "published": list(target.published_reports.values("number", "published_at")),
        "live": may_see_live(request.user),
        "schedule": ScheduleForm(),
        "editions": scope_events(target),
        "query": request.GET.urlencode(),
        "accesses": target.accesses.select_related("opened_by").order_by("-opened_at")[:8]
        if may_see_live(request.user)
        else [],
    }
    return render(request, "reporting/target.html", context, status=200 if form.is_valid() else 422)


@require_safe
@desk_required(may_read_reports)
def report_file(request, slug, face):
    target = get_object_or_404(Target, slug=slug)
    form = ReadingForm(request.GET)
    if not form.is_valid():
        return render(request, "reporting/target.html", {"target": target, "form": form}, status=422)
    values = _values(request, target, form, face=face)
    if values is None:
        raise Http404
    made = face_of(face, values)
    response = HttpResponse(made.content, content_type=made.content_type)
    name = f"{target.slug}-{values.get('number') or values['as_at'][:10]}.{face}"
    response["Content-Disposition"] = f'{"inline" if face == "pdf" else "attachment"}; filename="{name}"'
    return response


@require_POST
@desk_required(may_record)
def publish(request, slug):
    target = get_object_or_404(Target, slug=slug)
    try:
        report = publish_report(target=target, by=request.user, now=timezone.now())
        messages.success(request, f"Report {report.number} is published. The board can read it now.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("reach-target", slug=slug)


def _values(request, target: Target, form: ReadingForm, *, face: str) -> dict | None:
    """What this person may read: live figures for organisers, published ones for everybody else."""
    asked = form.cleaned_data
    if asked["number"] or not may_see_live(request.user):
        report = published_report(target=target, number=asked["number"], as_at=asked["as_at"])
        return report.report if report else None
    return live_values(
        target=target,
        now=timezone.now(),
        by=request.user,
        face=face,
        as_at=asked["as_at"],
        public=asked["public"],
    )
