"""How does the desk keep a venue: its facts, spaces, layouts, opening hours and closures?"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import desk_required
from events.domain.capacity import events_above_ceiling
from events.domain.closures import ClosesOverBookings, affected_by_closure, close_space, open_again
from events.domain.venues import (
    remove_layout,
    save_layout,
    save_space,
    save_venue,
    set_opening_hours,
    too_many_for,
)
from events.forms.venues import ACCESS, ClosureForm, HoursForm, LayoutForm, SpaceForm, VenueForm
from events.models import Space
from events.rules import may_plan, may_see_bookings
from events.views.venues import venue_of
from foundation.refusals import Refusal

GET_POST = ["GET", "POST"]


@desk_required(may_plan)
@require_http_methods(GET_POST)
def venue_new(request):
    form = VenueForm(request.POST or None, may_choose_people=True)
    if request.method == "POST" and form.is_valid():
        try:
            venue = save_venue(**form.cleaned_data)
            messages.success(request, "The venue is kept. Now add its spaces.")
            return redirect("desk-venue-about", slug=venue.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, "events/venues/venue_form.html", {"form": form})


@desk_required(may_see_bookings)
@require_http_methods(GET_POST)
def venue_edit(request, slug):
    venue = venue_of(request, slug)
    form = VenueForm(request.POST or None, venue=venue, may_choose_people=may_plan(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            save_venue(venue=venue, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("desk-venue-about", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, "events/venues/venue_form.html", {"form": form, "venue": venue})


@desk_required(may_see_bookings)
@require_safe
def venue_about(request, slug):
    """Facts, access and the spaces, wholes before their parts."""
    venue = venue_of(request, slug)
    spaces = list(venue.spaces.prefetch_related("layouts"))
    context = {
        "venue": venue,
        "tab": "about",
        "spaces": _wholes_first(spaces),
        "people": venue.people.order_by("name", "email"),
        "access": [
            (label, getattr(venue, name), getattr(venue, f"get_{name}_display")())
            for name, label in ACCESS.items()
        ],
        "plans": may_plan(request.user),
    }
    return render(request, "events/venues/about.html", context)


@desk_required(may_see_bookings)
@require_http_methods(GET_POST)
def space_new(request, slug):
    venue = venue_of(request, slug)
    form = SpaceForm(request.POST or None, venue=venue)
    if request.method == "POST" and form.is_valid():
        try:
            space = save_space(venue=venue, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "The space is kept. Now say what it holds in which layout.")
            return redirect("desk-space", slug=slug, space=space.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "venue": venue, "back": reverse("desk-venue-about", args=[slug])}
    return _page(request, "events/venues/space_form.html", context)


@desk_required(may_see_bookings)
@require_http_methods(GET_POST)
def space_edit(request, slug, space):
    space = _space(request, slug, space)
    form = SpaceForm(request.POST or None, venue=space.venue, space=space)
    back = reverse("desk-space", args=[slug, space.slug])
    if request.method == "POST" and form.is_valid():
        try:
            space = save_space(venue=space.venue, space=space, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("desk-space", slug=slug, space=space.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "venue": space.venue, "space": space, "back": back}
    return _page(request, "events/venues/space_form.html", context)


@desk_required(may_see_bookings)
@require_safe
def space_page(request, slug, space):
    """A space with its layouts, hours and closures, and bookings that it no longer holds."""
    space, now = _space(request, slug, space), timezone.now()
    context = {
        "venue": space.venue,
        "space": space,
        "layouts": space.layouts.all(),
        "parts": space.parts.order_by("name"),
        "hours": HoursForm(space=space),
        "closures": space.closures.filter(ends_at__gt=now),
        "too_many": too_many_for(space=space, now=now)
        + [
            one for layout in space.layouts.all() for one in too_many_for(space=space, layout=layout, now=now)
        ],
        "above_ceiling": events_above_ceiling(space=space, now=now),
    }
    return render(request, "events/venues/space.html", context)


@desk_required(may_see_bookings)
@require_http_methods(GET_POST)
def layout_form(request, slug, space, layout=None):
    space = _space(request, slug, space)
    row = get_object_or_404(space.layouts, slug=layout) if layout else None
    form = LayoutForm(request.POST or None, layout=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_layout(space=space, layout=row, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("desk-space", slug=slug, space=space.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "venue": space.venue, "space": space, "layout": row}
    return _page(request, "events/venues/layout_form.html", context)


@desk_required(may_see_bookings)
@require_POST
def layout_remove(request, slug, space, layout):
    space = _space(request, slug, space)
    row = get_object_or_404(space.layouts, slug=layout)
    try:
        remove_layout(layout=row)
        messages.success(request, "Removed.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("desk-space", slug=slug, space=space.slug)


@desk_required(may_see_bookings)
@require_http_methods(GET_POST)
def hours_page(request, slug, space):
    space = _space(request, slug, space)
    form = HoursForm(request.POST or None, space=space)
    if request.method == "POST" and form.is_valid():
        try:
            set_opening_hours(space=space, hours=form.hours())
            messages.success(request, "Saved. They hold for bookings made from now on.")
            return redirect("desk-space", slug=slug, space=space.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, "events/venues/hours.html", {"form": form, "venue": space.venue, "space": space})


@desk_required(may_see_bookings)
@require_http_methods(GET_POST)
def closure_new(request, slug, space):
    """Close a space; over bookings only after they were seen."""
    space = _space(request, slug, space)
    form = ClosureForm(request.POST or None)
    context = {"form": form, "venue": space.venue, "space": space}
    if request.method == "POST" and form.is_valid():
        then = request.POST.get("then")
        seen = request.POST.getlist("known") if then in ("release", "keep") else []
        period = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at")}
        try:
            close_space(
                space=space,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
                known={int(pk) for pk in seen if pk.isdecimal() and len(pk) < 19},
                release=then == "release",
                **period,
            )
            messages.success(request, "Closed.")
            return redirect("desk-space", slug=slug, space=space.slug)
        except ClosesOverBookings as over:
            context |= {"affected": affected_by_closure(space=space, **period), "refusal": over}
            return render(request, "events/venues/closure_form.html", context, status=409)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, "events/venues/closure_form.html", context)


@desk_required(may_see_bookings)
@require_POST
def closure_remove(request, slug, space, pk):
    space = _space(request, slug, space)
    if pk > 2**63 - 1:
        raise Http404
    open_again(closure=get_object_or_404(space.closures, pk=pk))
    messages.success(request, "It is open again. What was released for the closure stays released.")
    return redirect("desk-space", slug=slug, space=space.slug)


def _space(request, slug: str, space: str) -> Space:
    venue = venue_of(request, slug)
    return get_object_or_404(venue.spaces.select_related("venue", "parent"), slug=space)


def _wholes_first(spaces: list[Space]) -> list[tuple[int, Space]]:
    """(depth, space): each whole before its parts."""
    by_parent: dict[int | None, list[Space]] = {}
    for space in spaces:
        by_parent.setdefault(space.parent_id, []).append(space)
    ordered: list[tuple[int, Space]] = []

    def walk(parent: int | None, depth: int) -> None:
        for space in by_parent.get(parent, []):
            ordered.append((depth, space))
            walk(space.pk, depth + 1)

    walk(None, 0)
    return ordered


def _page(request, template: str, context: dict):
    return render(request, template, context, status=422 if context["form"].errors else 200)
