"""Who is on duty, and which checks were seen?"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import desk_required
from door.domain.duty_team import note_presence, remove_member, save_member, welfare_ratio
from door.forms import StaffForm
from door.models import StaffMember
from door.rules import may_plan_door
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal


@require_safe
@desk_required(may_plan_door)
def staff_list(request, slug):
    event = visible_event(request, slug)
    rows = list(StaffMember.objects.filter(event=event).select_related("checked_by"))
    context = {
        "event": event,
        "tab": "staff",
        "rows": rows,
        "ratio": welfare_ratio(event=event),
        "lacking": [one for one in rows if one.lacks_a_check],
    }
    return render(request, "door/desk/duty_team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_plan_door)
def staff_form(request, slug, uid=None):
    event = visible_event(request, slug)
    member = get_object_or_404(StaffMember, event=event, uid=uid) if uid else None
    now = timezone.now()
    if request.method == "POST" and member and request.POST.get("do") == "remove":
        remove_member(member=member, by=request.user, now=now)
        messages.success(request, "Taken off the register.")
        return redirect("desk-staff", slug=slug)
    initial = {name: getattr(member, name) for name in StaffForm.base_fields} if member else None
    form = StaffForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_member(event=event, member=member, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, "Saved.")
            if saved.lacks_a_check:
                messages.warning(
                    request,
                    "On the welfare team without identity and certificate seen: ask the safeguarding lead.",
                )
            return redirect("desk-staff", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"event": event, "tab": "staff", "form": form, "member": member}
    return render(request, "door/desk/duty_team_form.html", context, status=422 if form.errors else 200)


@require_POST
@desk_required(may_plan_door)
def presence(request, slug, uid):
    member = get_object_or_404(StaffMember, event=visible_event(request, slug), uid=uid)
    if request.POST.get("is_here") not in {"yes", "no"}:
        raise Http404
    note_presence(
        member=member, is_here=request.POST["is_here"] == "yes", by=request.user, now=timezone.now()
    )
    return redirect("desk-staff", slug=slug)
