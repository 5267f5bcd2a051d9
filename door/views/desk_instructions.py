"""How does a duty manager tell every phone at once what to do, and see who has seen it?"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from door.domain import instructions
from door.forms import InstructionForm
from door.rules import may_lead_door, may_plan_door
from events.models import Event
from events.views.event_lookup import visible_event


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_lead_door)
def instruction_page(request, slug):
    """One confirmed act: what to do, real or a drill, and a tick that every phone shall say so."""
    event = visible_event(request, slug)
    now, asked = timezone.now(), request.POST.get("do", "")
    form = InstructionForm(request.POST if asked == "give" else None)
    if asked == "all-clear":
        instructions.all_clear(event=event, by=request.user, now=now)
        messages.success(request, "All clear. Phones scan again from their next contact on.")
        return redirect("desk-door-instruction", slug=slug)
    if asked == "give" and form.is_valid():
        instructions.give(
            event=event,
            kind=form.cleaned_data["kind"],
            is_drill=form.cleaned_data["is_drill"] == "drill",
            by=request.user,
            now=now,
        )
        messages.success(
            request, "Told. Use radios and voices too: a phone without network hears of it later."
        )
        return redirect("desk-door-instruction", slug=slug)
    return render(
        request,
        "door/desk/instruction.html",
        _context(event, form, now) | {"may_write": may_plan_door(request.user)},
        status=422 if form.errors else 200,
    )


def _context(event: Event, form: InstructionForm, now) -> dict:
    going = instructions.standing(event_id=event.pk)
    phones = instructions.reached(instruction=going, now=now) if going else []
    return {
        "event": event,
        "tab": "instruction",
        "leads": True,
        "form": form,
        "instruction": going,
        "phones": phones,
        "seen": sum(phone.seen_at is not None for phone in phones),
        "now": now,
    }
