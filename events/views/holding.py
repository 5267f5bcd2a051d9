"""How does somebody find a free space and hold it, once or again and again?"""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from events.domain.availability import Wish, find_spaces
from events.domain.bookings import SpaceUnavailable, hold_space
from events.domain.repeats import Turn, hold_repeat, plan_repeat
from events.forms.bookings import HoldForm, SearchForm
from events.models import Booking, Space
from events.rules import bookable_events, may_see_bookings, visible_venues
from foundation.refusals import InvalidInput, Refusal
from foundation.wall_time import wall_time


@desk_required(may_see_bookings)
@require_safe
def search_page(request):
    """Free spaces first, then near misses with the reason."""
    venues = visible_venues(request.user)
    asked = "starts_date" in request.GET
    form = SearchForm(request.GET if asked else None, venues=venues, initial=_from_event(request))
    found = None
    if asked and form.is_valid():
        spaces = Space.objects.filter(venue__in=venues)
        try:
            wish = form.wish()
            found = find_spaces(wish=wish, now=timezone.now(), spaces=spaces)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "found": found and [_found_values(one, form, wish) for one in found]}
    if found is not None:
        context["free"] = sum(one.free for one in found)
    return render(request, "events/bookings/search.html", context, status=422 if form.errors else 200)


@desk_required(may_see_bookings)
@require_http_methods(["GET", "POST"])
def hold_page(request, slug):
    """Hold this space; if it is taken, see by what and take what is near."""
    space = _space(request, slug)
    events = bookable_events(request.user).filter(ends_at__gt=timezone.now())
    context = {"space": space}
    if request.method == "GET":
        form = HoldForm(space=space, events=events, initial=_initial(request, space))
        return render(request, "events/bookings/hold.html", context | {"form": form})
    form = HoldForm(request.POST, space=space, events=events)
    if "back" in request.POST:
        return render(request, "events/bookings/hold.html", context | {"form": form})
    if form.is_valid() and form.cleaned_data["repeat_every"]:
        return _hold_repeat(request, form, space)
    if form.is_valid():
        try:
            booking = hold_space(
                space=space,
                held_by=request.user,
                now=timezone.now(),
                as_option="as_option" in request.POST,
                venues=visible_venues(request.user),
                **form.slot(),
            )
        except SpaceUnavailable as taken:
            context |= taken_values(taken, form, space)
            return render(request, "events/bookings/hold.html", context | {"form": form}, status=409)
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _held_words(booking))
            return redirect("desk-booking", pk=booking.pk)
    return render(request, "events/bookings/hold.html", context | {"form": form}, status=422)


def _hold_repeat(request, form: HoldForm, space: Space):
    """First each date with what is against it; then those that were chosen, all or none."""
    now, slot = timezone.now(), form.slot()
    shape = {name: slot[name] for name in ("layout", "people", "setup_minutes", "clearup_minutes")}
    context = {"form": form, "space": space}
    try:
        turns = plan_repeat(
            space=space,
            starts_at=slot["starts_at"],
            ends_at=slot["ends_at"],
            every_days=int(form.cleaned_data["repeat_every"]),
            until=form.cleaned_data["repeat_until"],
            now=now,
            **shape,
        )
        if "plan" not in request.POST:
            return render(request, "events/bookings/repeat.html", context | _plan_values(turns))
        chosen = [turn for turn in turns if turn.free and turn.key in request.POST.getlist("dates")]
        rest = {name: slot[name] for name in ("title", "event", "hold_until")}
        made = hold_repeat(turns=chosen, space=space, held_by=request.user, now=now, **shape, **rest)
    except InvalidInput as refusal:
        if "dates" in refusal.fields:
            context |= _plan_values(turns) | {"fault": refusal.message}
            return render(request, "events/bookings/repeat.html", context, status=422)
        form.add_refusal(refusal)
        return render(request, "events/bookings/hold.html", context, status=422)
    except Refusal as refusal:
        context |= _plan_values(turns) | {"fault": refusal.message}
        return render(request, "events/bookings/repeat.html", context, status=409)
    messages.success(request, f"{len(made)} dates are held. The venue has been told.")
    return redirect("desk-booking", pk=made[0].pk)


def taken_values(taken: SpaceUnavailable, form, space: Space) -> dict:
    """What clashes and what is near, as the page shows it.

    An alternative carries the fields that it changes.
    """
    clashes = [
        one | {"from": _moment(one["blocked_from"]), "until": _moment(one["blocked_until"])}
        for one in taken.details["clashes"]
    ]
    near = []
    for one in taken.details["alternatives"]:
        start, end = _moment(one["starts_at"]), _moment(one["ends_at"])
        near.append(one | {"from": start, "until": end, "fields": when_fields(start, end)})
    return {
        "taken": taken.message,
        "clashes": clashes,
        "same_space": [one for one in near if one["space"] == space.slug],
        "elsewhere": [
            one | {"query": urlencode(_carried(form) | one["fields"])}
            for one in near
            if one["space"] != space.slug
        ],
        "may_be_option": bool(clashes) and all(one["state"] == Booking.State.HELD for one in clashes),
    }


def when_fields(start, end) -> dict[str, str]:
    """Two moments as the answers of a WhenForm."""
    start, end = wall_time(start), wall_time(end)
    fields = {
        "starts_date": f"{start:%Y-%m-%d}",
        "starts_time": f"{start:%H:%M}",
        "ends_time": f"{end:%H:%M}",
        "ends_date": f"{end:%Y-%m-%d}" if end.date() != start.date() else "",
    }
    for which, moment in (("starts", start), ("ends", end)):
        if moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset():
            fields[f"{which}_which"] = "second" if moment.fold else "first"
    return fields


def _found_values(found, form: SearchForm, wish: Wish) -> dict:
    answers = _carried(form)
    if found.layouts and len(found.layouts) == 1:
        answers["layout"] = found.layouts[0].slug
    return {
        "space": found.space,
        "venue": found.space.venue,
        "layouts": found.layouts,
        "free": found.free,
        "reasons": found.reasons,
        "query": urlencode(answers),
    }


CARRIED = (
    "starts_date",
    "starts_time",
    "ends_time",
    "ends_date",
    "starts_which",
    "ends_which",
    "people",
    "setup_minutes",
    "clearup_minutes",
    "layout",
    "title",
    "event",
    "step_free",
)


def _carried(form) -> dict[str, str]:
    """The answers given so far, to take along to another space."""
    return {name: form.data[name] for name in CARRIED if form.data.get(name)}


def _initial(request, space: Space) -> dict:
    initial = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
    return _from_event(request) | initial


def _from_event(request) -> dict:
    """The times and the peak of the edition that the search is for."""
    event = bookable_events(request.user).filter(slug=request.GET.get("event", "")).first()
    if event is None:
        return {}
    peak = event.expected_peak or event.capacity
    return when_fields(event.doors_open_at, event.ends_at) | {
        "event": event.slug,
        "title": event.title,
        **({"people": peak} if peak else {}),
    }


def _plan_values(turns: list[Turn]) -> dict:
    return {"turns": turns, "free": sum(turn.free for turn in turns)}


def _held_words(booking: Booking) -> str:
    if booking.rank == 2:
        return "Noted as the second option: it moves up if the first one goes. The venue has been told."
    return (
        f"Held until {wall_time(booking.hold_until or booking.starts_at):%d.%m.%Y}. The venue has been told."
    )


def _space(request, slug: str) -> Space:
    """Somebody else's venue looks the same as no space at all."""
    spaces = Space.objects.filter(venue__in=visible_venues(request.user)).select_related("venue")
    return get_object_or_404(spaces, slug=slug)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
