"""How does an organiser note a promise, and that its definition is agreed?"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from foundation.refusals import Refusal
from reporting.domain.targets import promise
from reporting.forms import TargetForm, scope_of
from reporting.models import Target
from reporting.rules import may_record

SAME = (
    "title",
    "rung",
    "goal",
    "goal_high",
    "min_age",
    "max_age",
    "residence",
    "starts_on",
    "due_date",
    "agreed_by",
    "agreed_on",
    "source",
)


@require_http_methods(["GET", "POST"])
@desk_required(may_record)
def target_edit(request, slug=None):
    target = get_object_or_404(Target.objects.select_related("series", "event"), slug=slug) if slug else None
    form = TargetForm(request.POST or None, initial=_as_it_is(target) if target else {})
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            made = promise(target=target, **scope_of(asked.pop("scope")), **asked)
            messages.success(request, "The promise is noted. Published reports stay as they were.")
            return redirect("reach-target", slug=made.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return render(
        request,
        "reporting/target_edit.html",
        {"form": form, "target": target},
        status=422 if form.errors else 200,
    )


def _as_it_is(target: Target) -> dict:
    scope = (
        f"series:{target.series.slug}"
        if target.series
        else f"event:{target.event.slug}"
        if target.event
        else ""
    )
    return {name: getattr(target, name) for name in SAME} | {"scope": scope}
