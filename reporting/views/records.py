"""Where does an organiser record and decide what figures rest on?

Pairs, heads, attendance, invitations, schools.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from events.models import Event
from foundation.refusals import Refusal
from reporting.domain import corrections, invitations, near_matches
from reporting.domain.pair_review import pairs_shown
from reporting.domain.school_evidence import evidence_of_group, groups_at, set_school_type
from reporting.forms import (
    AnswerForm,
    AttendanceForm,
    DecisionForm,
    HeadsForm,
    InvitedForm,
    LongListForm,
    SchoolTypeForm,
    scope_of,
)
from reporting.models import AttendanceCorrection, HandCount, Invitation
from reporting.pdf import school_pdf
from reporting.rules import may_record

LARGEST_ID = 2**63 - 1


@require_http_methods(["GET", "POST"])
@desk_required(may_record)
def near_match_list(request):
    """Pairs that may be one person: accept, reject, undo."""
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Choose a pair from the list.")
        else:
            try:
                near_matches.decide(
                    near_match_id=form.cleaned_data["pair"],
                    decision=form.cleaned_data["decision"],
                    by=request.user,
                    now=timezone.now(),
                )
                messages.success(request, f"Noted: {form.words()}.")
            except Refusal as refusal:
                messages.error(request, refusal.message)
        return redirect(request.get_full_path())
    state = "settled" if request.GET.get("state") == "settled" else "open"
    return render(request, "reporting/near_matches.html", {"pairs": pairs_shown(state=state), "state": state})


@require_http_methods(["GET", "POST"])
@desk_required(may_record)
def hand_counts(request):
    """Heads without names, and attendance by hand: each with a reason and an author."""
    heads = HeadsForm(
        request.POST if request.POST.get("form") == "heads" else None, initial=_earlier(request)
    )
    attendance = AttendanceForm(request.POST if request.POST.get("form") == "attendance" else None)
    if heads.is_bound and heads.is_valid():
        try:
            corrections.record_heads(**heads.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, "The count is noted.")
            return redirect("reach-hand-counts")
        except Refusal as refusal:
            heads.add_refusal(refusal)
    if attendance.is_bound and attendance.is_valid():
        asked = attendance.cleaned_data
        try:
            ticket = corrections.ticket_of_event(event=asked["event"], serial=asked["serial"])
            corrections.correct_attendance(
                ticket=ticket,
                attendance=asked["attendance"],
                reason=asked["reason"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, f"Ticket {ticket.serial} is noted.")
            return redirect("reach-hand-counts")
        except Refusal as refusal:
            attendance.add_refusal(refusal)
    context = {
        "heads": heads,
        "attendance": attendance,
        "counts": HandCount.objects.select_related("event", "recorded_by", "superseded_by").order_by(
            "-recorded_at"
        )[:100],
        "corrections": AttendanceCorrection.objects.select_related(
            "ticket__event", "recorded_by", "superseded_by"
        ).order_by("-recorded_at")[:100],
    }
    return render(
        request,
        "reporting/hand_counts.html",
        context,
        status=422 if heads.errors or attendance.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@desk_required(may_record)
def invitation_list(request):
    form = LongListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = dict(form.cleaned_data)
            made = invitations.longlist(**scope_of(asked.pop("scope")), **asked, now=timezone.now())
            messages.success(request, "On the long list.")
            return redirect("reach-invitation", pk=made.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    rows = Invitation.objects.select_related("series", "event")
    return render(
        request,
        "reporting/invitations.html",
        {"form": form, "rows": rows},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@desk_required(may_record)
def invitation_page(request, pk):
    invitation = get_object_or_404(Invitation.objects.select_related("series", "event"), pk=_known(pk))
    first = {
        "invited_on": invitation.invited_on,
        "invited_by": invitation.invited_by,
        "evidence": invitation.evidence,
    }
    came = {None: "", True: "yes", False: "no"}[invitation.came]
    then = {
        "answer": invitation.answer,
        "answered_on": invitation.answered_on,
        "came": came,
        "published": invitation.published,
    }
    invited = InvitedForm(request.POST if request.POST.get("form") == "invited" else None, initial=first)
    answer = AnswerForm(request.POST if request.POST.get("form") == "answer" else None, initial=then)
    for form, record in ((invited, invitations.record_invited), (answer, invitations.record_answer)):
        if form.is_bound and form.is_valid():
            try:
                record(invitation=invitation, **form.cleaned_data, now=timezone.now())
                messages.success(request, "Noted.")
                return redirect("reach-invitation", pk=pk)
            except Refusal as refusal:
                form.add_refusal(refusal)
    return render(
        request,
        "reporting/invitation.html",
        {"invitation": invitation, "invited": invited, "answer": answer},
        status=422 if invited.errors or answer.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@desk_required(may_record)
def school_list(request, slug):
    """The groups of an edition, their type, and the evidence for each school."""
    event = get_object_or_404(Event.objects.exclude(status=Event.Status.DRAFT), slug=slug)
    if request.method == "POST":
        form = SchoolTypeForm(request.POST)
        if form.is_valid():
            try:
                set_school_type(event=event, **form.cleaned_data, by=request.user, now=timezone.now())
                messages.success(request, "The type is noted.")
            except Refusal as refusal:
                messages.error(request, refusal.message)
        else:
            messages.error(request, "Choose a type from the list.")
        return redirect("reach-schools", slug=slug)
    context = {"event": event, "groups": groups_at(event=event), "kinds": SchoolTypeForm.KINDS}
    return render(request, "reporting/schools.html", context)


@require_safe
@desk_required(may_record)
def school_evidence_file(request, slug, reference):
    event = get_object_or_404(Event.objects.exclude(status=Event.Status.DRAFT), slug=slug)
    evidence = evidence_of_group(event=event, reference=reference, now=timezone.now())
    if evidence is None:
        raise Http404
    response = HttpResponse(school_pdf(evidence), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="evidence-{reference}.pdf"'
    return response


def _earlier(request) -> dict:
    """The count that is to be put right, from its link."""
    text = request.GET.get("supersedes", "")
    if not text.isdigit() or int(text) > LARGEST_ID:
        return {}
    earlier = HandCount.objects.filter(pk=int(text), superseded_by__isnull=True).first()
    if earlier is None:
        return {}
    return {
        "event": earlier.event_id,
        "heads": earlier.heads,
        "age_band": earlier.age_band,
        "is_online": earlier.is_online,
        "supersedes": earlier.pk,
    }


def _known(pk: int) -> int:
    if pk > LARGEST_ID:
        raise Http404
    return pk
