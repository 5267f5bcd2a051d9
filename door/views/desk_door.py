"""How does the door team work from the desk?

Live figures, phones, what is to settle, PINs and the duty card.
"""

from collections import Counter
from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import desk_required
from door.domain import conflicts, devices, instructions, pins, roll_calls
from door.domain.decisions import short_name
from door.domain.duty_team import welfare_ratio
from door.domain.live_figures import ENHANCED_TIER, STANDARD_TIER, live_door, phones_of
from door.domain.parties import counted_beyond_tickets
from door.domain.readiness import door_readiness
from door.domain.verdicts import WORDS
from door.forms import GateForm, PairForm, PinForm, ReviewForm, SettleForm, SettleKindForm
from door.models import CheckIn, Conflict, Device, Gate, PartyCount
from door.rules import may_lead_door, may_see_door
from events.models import Event
from events.rules import visible_events
from foundation.refusals import Refusal
from tickets.qr import qr_svg

GET_POST = ["GET", "HEAD", "POST"]
REASONS = {
    "unknown": "We do not know the code",
    "wrong_event": "For another event",
    "replaced": "A newer ticket was sent",
    "cancelled": "Cancelled",
    "on_hold": "The guardian has not said yes",
    "blocked": "Paused by an organiser",
    "too_early": "Before the doors open",
    "too_late": "After closing",
    "wrong_session": "No place in the session",
    "already_admitted": "Already inside",
    "full": "Full: asked to wait",
}


@require_safe
@desk_required(may_see_door)
def door_choose(request):
    now = timezone.now()
    events = visible_events(request.user).filter(status=Event.Status.PUBLISHED).select_related("venue")
    context = {
        "now_on": events.filter(doors_open_at__lte=now, ends_at__gt=now).order_by("starts_at"),
        "coming": events.filter(doors_open_at__gt=now).order_by("starts_at"),
        "past": events.filter(ends_at__lte=now).order_by("-starts_at")[:20],
    }
    return render(request, "door/desk/choose.html", context)


@require_safe
@desk_required(may_see_door)
def door_live(request, slug):
    event, now = _event(request, slug), timezone.now()
    live = live_door(event=event, now=now)
    names = dict(Gate.objects.filter(event=event).values_list("slug", "name"))
    share = None
    if live.count.safe_capacity:
        share = round(100 * live.count.inside / live.count.safe_capacity)
    context = _context(request, event, "live") | {
        "live": live,
        "share": share,
        "by_gate": [(names.get(slug, "Desk"), people) for slug, people in sorted(live.count.by_gate.items())],
        "is_another_day": live.day != timezone.localdate(now),
        "busiest": max((one.arrivals for one in live.quarters), default=0),
        "refused": [
            (REASONS.get(key, key), scans, tickets) for key, (scans, tickets) in live.refused.items()
        ],
        "roll_call": roll_calls.marks_of(roll_call=roll_calls.under_way(event=event)),
        "readiness": door_readiness(event=event, now=now) if now < event.doors_open_at else [],
        "tier": _tier(max(live.peak, event.expected_peak or 0)),
        "ratio": welfare_ratio(event=event),
        **_instruction(event, now),
        "now": now,
    }
    return render(request, "door/desk/live.html", context)


@require_http_methods(GET_POST)
@desk_required(may_see_door)
def door_phones(request, slug):
    """The phones; a POST makes a one-time code for one more."""
    event, now = _event(request, slug), timezone.now()
    form = PairForm(request.POST if request.method == "POST" else None, event=event)
    if request.method == "POST":
        _refuse_but_leads(request)
        if form.is_valid():
            try:
                return _pairing_code(request, event, form.cleaned_data, now)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
    context = _context(request, event, "phones") | {
        "form": form,
        "phones": phones_of(event=event, now=now),
        "gates": Gate.objects.filter(event=event).exists(),
    }
    return render(request, "door/desk/phones.html", context, status=422 if form.errors else 200)


def _pairing_code(request, event, chosen, now):
    code = devices.make_pairing_code(gate=chosen["gate"], session=chosen["session"], now=now, by=request.user)
    address = request.build_absolute_uri(f"/door/#{code}")
    context = _context(request, event, "phones") | {
        "code": code,
        "gate": chosen["gate"],
        "session": chosen["session"],
        "until": now + devices.CODE_WORKS_FOR,
        "door": request.build_absolute_uri("/door/"),
        "qr": qr_svg(
            address, title="QR code that pairs one phone. The same code stands beside it in letters."
        ),
    }
    return render(request, "door/desk/pair.html", context)


@require_POST
@desk_required(may_lead_door)
def door_revoke(request, slug, phone):
    event = _event(request, slug)
    device = get_object_or_404(Device, event=event, pk=phone)
    devices.revoke(device=device, now=timezone.now())
    messages.success(request, f"{device.name}’s phone is revoked. It wipes itself at its next contact.")
    return redirect("desk-door-phones", slug=slug)


@require_POST
@desk_required(may_lead_door)
def door_unlock(request, slug, phone):
    """Wrong PINs locked this phone: let it try again."""
    device = get_object_or_404(Device, event=_event(request, slug), pk=phone)
    pins.clear_tries(device=device)
    messages.success(request, f"PINs can be entered on {device.name}’s phone again.")
    return redirect("desk-door-phones", slug=slug)


@require_http_methods(GET_POST)
@desk_required(may_lead_door)
def door_settle(request, slug):
    """Conflicts to settle and scans that were kept for review."""
    event, now = _event(request, slug), timezone.now()
    if request.method == "POST":
        try:
            _settle_one(request, event, now)
        except (Conflict.DoesNotExist, CheckIn.DoesNotExist):
            raise Http404 from None
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("desk-door-settle", slug=slug)
    to_settle = [_conflict(one) for one in conflicts.conflicts_of(event=event, settled=False)]
    kinds = Counter((one["kind"], one["why"]) for one in to_settle)
    context = _context(request, event, "settle") | {
        "conflicts": to_settle,
        "kinds": [(kind, why, many) for (kind, why), many in kinds.most_common() if many > 1],
        "settled": [_conflict(one) for one in conflicts.conflicts_of(event=event, settled=True)],
        "kept": [_kept(one) for one in conflicts.scans_to_review(event=event)],
        "beyond": [_beyond(one) for one in counted_beyond_tickets(event=event)],
    }
    return render(request, "door/desk/settle.html", context)


def _settle_one(request, event, now) -> None:
    """:raises Refusal: in words for the page"""
    is_review, is_kind = "accept" in request.POST, "kind" in request.POST
    form = (ReviewForm if is_review else SettleKindForm if is_kind else SettleForm)(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return
    asked = form.cleaned_data
    if is_review:
        accept = asked["accept"] == "yes"
        conflicts.review_scan(event=event, scan_id=asked["scan"], accept=accept, by=request.user, now=now)
        messages.success(request, "Accepted: it counts now." if accept else "Left out: it lets nobody in.")
    elif is_kind:
        done = conflicts.settle_kind(event=event, by=request.user, now=now, **asked)
        messages.success(request, f"Settled: {done}.")
    else:
        conflicts.settle_conflict(
            event=event, scan_id=asked["scan"], words=asked["words"], by=request.user, now=now
        )
        messages.success(request, "Settled.")


@require_http_methods(GET_POST)
@desk_required(may_lead_door)
def door_team(request, slug):
    """Gates, PINs, the duty card, and what is left to do before the doors open."""
    event, now = _event(request, slug), timezone.now()
    asked = request.POST.get("ask", "")
    gate_form = GateForm(request.POST if asked == "gate" else None)
    pin_form = PinForm(request.POST if asked == "pin" else None)
    try:
        if asked == "gate" and gate_form.is_valid():
            name = gate_form.cleaned_data["name"]
            devices.make_gate(event=event, slug=slugify(name)[:40] or "gate", name=name)
            messages.success(request, f"{name} is a gate.")
            return redirect("desk-door-team", slug=slug)
        if asked == "pin" and pin_form.is_valid():
            made = pins.set_pin(event=event, now=now, by=request.user, **pin_form.cleaned_data)
            messages.success(request, f"The {made.role} PIN is set. An earlier one opens nothing any more.")
            return redirect("desk-door-team", slug=slug)
    except Refusal as refusal:
        pin_form.add_error("pin" if "pin" in refusal.fields else None, refusal.message)
    context = _context(request, event, "team") | {
        "steps": door_readiness(event=event, now=now),
        "gates": Gate.objects.filter(event=event),
        "pins": pins.pins_of(event=event),
        "gate_form": gate_form,
        "pin_form": pin_form,
        "form": pin_form if pin_form.errors else gate_form,
    }
    return render(request, "door/desk/team.html", context, status=422 if context["form"].errors else 200)


@require_http_methods(GET_POST)
@desk_required(may_lead_door)
def duty_card(request, slug):
    """The card to print. A POST makes the cards printed before open nothing."""
    event, now = _event(request, slug), timezone.now()
    if request.method == "POST":
        roll_calls.replace_card(event=event, now=now)
        messages.success(
            request, "This is the new card. Earlier cards open nothing after each phone’s next contact."
        )
        return redirect("desk-door-card", slug=slug)
    text = roll_calls.card_text(event=event, now=now)
    letters = text.removeprefix(roll_calls.CARD_PREFIX)
    context = _context(request, event, "team") | {
        "qr": qr_svg(text, title="QR code that opens the roll-call on a door phone."),
        "letters": " ".join(letters[at : at + 5] for at in range(0, len(letters), 5)),
    }
    return render(request, "door/desk/card.html", context)


@require_POST
@desk_required(may_lead_door)
def roll_call_verb(request, slug):
    """Start a drill or the real thing for every phone, or end it."""
    event, now = _event(request, slug), timezone.now()
    verb = request.POST.get("do")
    if verb in {"start", "drill"}:
        roll_calls.start(event=event, is_drill=verb == "drill", now=now)
        messages.success(
            request, "The roll-call is on. Phones say so within 10 seconds of their next contact."
        )
    elif verb == "end":
        roll_calls.end(event=event, now=now)
        messages.success(request, "The roll-call is over.")
    else:
        raise Http404
    return redirect("desk-door-live", slug=slug)


def _instruction(event: Event, now) -> dict:
    going = instructions.standing(event_id=event.pk)
    if going is None:
        return {}
    phones = instructions.reached(instruction=going, now=now)
    seen = sum(phone.seen_at is not None for phone in phones)
    return {"instruction": going, "instruction_seen": seen, "instruction_phones": len(phones)}


def _event(request, slug) -> Event:
    return get_object_or_404(visible_events(request.user).select_related("venue"), slug=slug)


def _refuse_but_leads(request) -> None:
    from django.core.exceptions import PermissionDenied

    if not may_lead_door(request.user):
        raise PermissionDenied


def _context(request, event: Event, tab: str) -> dict:
    return {
        "event": event,
        "tab": tab,
        "leads": may_lead_door(request.user),
        "today": _day_of_several(event, timezone.localdate()),
    }


def _day_of_several(event: Event, today: date) -> date | None:
    first, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
    return today if first < last and first <= today <= last else None


def _tier(people: int) -> int:
    """Which threshold of the Act is reached by this many people at one time; 0 for none."""
    return next((tier for tier in (ENHANCED_TIER, STANDARD_TIER) if people >= tier), 0)


def _beyond(count: PartyCount) -> dict:
    ticket = count.check_in.ticket
    return {
        "organisation": ticket.registration.organisation if ticket else "",
        "heads": sum(count.surplus.values()),
        "phone": count.check_in.device,
        "at": count.check_in.happened_at,
    }


def _conflict(conflict: Conflict) -> dict:
    later, earlier = conflict.check_in, conflict.stands
    return {
        "scan": later.scan_id,
        "ticket": later.ticket.serial if later.ticket else None,
        "at": later.happened_at,
        "gate": later.gate,
        "phone": later.device,
        "stands": earlier,
        "person": " ".join(short_name(later.ticket.name)).strip() if later.ticket else "",
        "kind": conflict.server_verdict,
        "why": REASONS.get(conflict.server_verdict, conflict.server_verdict),
        "is_two": conflict.stands_id is not None,
        "settlement": conflict.settlement,
        "settled_by": conflict.settled_by,
        "settled_at": conflict.settled_at,
    }


def _kept(scan: CheckIn) -> dict:
    return {
        "scan": scan.scan_id,
        "ticket": scan.ticket.serial if scan.ticket else None,
        "at": scan.happened_at,
        "gate": scan.gate,
        "phone": scan.device,
        "told": WORDS[scan.decided or scan.verdict][0],
        "why": scan.override_reason
        or ("Sent by a revoked phone" if scan.device and scan.device.revoked_at else "Kept for review"),
    }
