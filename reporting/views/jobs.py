"""How does an organiser follow a report that takes long, and set those that come regularly?"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import desk_required
from foundation.refusals import Refusal
from reporting.domain import report_jobs, schedules
from reporting.faces import FACES, content_type_of
from reporting.forms import ReadingForm, ScheduleForm
from reporting.models import ReportJob, Target
from reporting.rules import may_record

LARGEST_ID = 2**63 - 1


@require_POST
@desk_required(may_record)
def ask(request, slug):
    target = get_object_or_404(Target, slug=slug)
    form = ReadingForm(request.POST)
    face = request.POST.get("face", "pdf")
    if not form.is_valid() or face not in FACES:
        messages.error(request, "Choose a moment and a kind of file.")
        return redirect("reach-target", slug=slug)
    now = timezone.now()
    try:
        job = report_jobs.ask_for_report(
            target=target,
            face=face,
            as_at=form.cleaned_data["as_at"] or now,
            public=form.cleaned_data["public"],
            by=request.user,
            now=now,
        )
    except report_jobs.TooManyReports as refusal:
        messages.error(request, refusal.message)
        return redirect("reach-target", slug=slug)
    return redirect("reach-job", slug=slug, pk=job.pk)


@require_safe
@desk_required(may_record)
def job_page(request, slug, pk):
    return render(request, "reporting/job.html", {"job": _job(request, slug, pk)})


@require_safe
@desk_required(may_record)
def job_file(request, slug, pk):
    job = _job(request, slug, pk)
    if job.state != ReportJob.State.DONE:
        raise Http404
    response = HttpResponse(bytes(job.content), content_type=content_type_of(job.face))
    response["Content-Disposition"] = f'attachment; filename="{slug}-{job.as_at:%Y-%m-%d}.{job.face}"'
    return response


@require_POST
@desk_required(may_record)
def cancel(request, slug, pk):
    if report_jobs.cancel(job=_job(request, slug, pk), now=timezone.now()):
        messages.success(request, "It is cancelled.")
    return redirect("reach-job", slug=slug, pk=pk)


@require_POST
@desk_required(may_record)
def schedule(request, slug):
    target = get_object_or_404(Target, slug=slug)
    if request.POST.get("stop"):
        schedules.stop_schedule(target=target)
        messages.success(request, "No report is sent by itself any more.")
        return redirect("reach-target", slug=slug)
    form = ScheduleForm(request.POST)
    try:
        if form.is_valid():
            schedules.schedule_reports(
                target=target, **form.cleaned_data, by=request.user, now=timezone.now()
            )
            messages.success(request, "The board will get the report by mail.")
        else:
            messages.error(request, "Choose a period and a day.")
    except Refusal as refusal:
        messages.error(request, " ".join(words for field in refusal.fields.values() for words in field))
    return redirect("reach-target", slug=slug)


def _job(request, slug, pk) -> ReportJob:
    """One's own job: exact figures are logged by who asked for them."""
    if pk > LARGEST_ID:
        raise Http404
    return get_object_or_404(
        ReportJob.objects.select_related("target"), pk=pk, target__slug=slug, asked_by=request.user
    )
