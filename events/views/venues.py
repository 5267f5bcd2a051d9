"""What does the desk see of a venue: its calendar by week and month, how much it is used, who follows it?"""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import desk_required
from events.domain.calendar import month_of, next_month, previous_month, week_of
from events.domain.feeds import feed_entries, feed_of, make_feed, revoke_feed
from events.domain.space_use import use_of
from events.exports import use_rows
from events.feeds import bookings_calendar
from events.forms.venues import DaysForm, FeedForm
from events.models import Booking, Venue
from events.rules import may_plan, may_see_bookings, visible_venues
from events.views.bookings import XLSX
from foundation.refusals import Refusal
from foundation.spreadsheets import csv_file, xlsx_file
from foundation.wall_time import wall_time

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@desk_required(may_see_bookings)
@require_safe
def venues_page(request):
    now = timezone.now()
    standing = Q(spaces__bookings__ends_at__gt=now) & ~Q(spaces__bookings__state=Booking.State.RELEASED)
    held = standing & Q(spaces__bookings__state=Booking.State.HELD)
    venues = visible_venues(request.user).annotate(
        space_number=Count("spaces", distinct=True),
        booking_number=Count("spaces__bookings", filter=standing, distinct=True),
        held_number=Count("spaces__bookings", filter=held, distinct=True),
    )
    context = {"venues": venues.order_by("name"), "plans": may_plan(request.user)}
    return render(request, "events/venues/list.html", context)


@desk_required(may_see_bookings)
@require_safe
def calendar_page(request, slug):
    """A week or a month of a venue, or of one space with what blocks it."""
    venue = venue_of(request, slug)
    today = wall_time(timezone.now()).date()
    day = _asked_day(request, today)
    view = "month" if request.GET.get("view") == "month" else "week"
    spaces = list(venue.spaces.order_by("name"))
    space = next((one for one in spaces if one.slug == request.GET.get("space")), None)
    make = month_of if view == "month" else week_of
    grid = make(venue=venue, day=day, now=timezone.now(), space=space)
    if view == "month":
        before, after = previous_month(day), next_month(day)
    else:
        before, after = day - timedelta(days=7), day + timedelta(days=7)
    context = {
        "venue": venue,
        "tab": "calendar",
        "view": view,
        "day": day,
        "today": today,
        "grid": grid,
        "spaces": spaces,
        "space": space,
        "of_space": f"space={space.slug}&" if space else "",
        "filled": [one for one in grid.days if not one.is_outside and (one.entries or one.closures)],
        "before": _query(view, before, space),
        "after": _query(view, after, space),
        "this": _query(view, today, space),
        "as_week": _query("week", day, space),
        "as_month": _query("month", day, space),
    }
    return render(request, "events/venues/calendar.html", context)


@desk_required(may_see_bookings)
@require_safe
def use_page(request, slug):
    """Hours booked of hours open, and the value of the hire."""
    venue = venue_of(request, slug)
    today = wall_time(timezone.now()).date()
    initial = {"since": today.replace(day=1), "until": next_month(today) - timedelta(days=1)}
    form = DaysForm(request.GET if "since" in request.GET else initial)
    figures = []
    if form.is_valid():
        try:
            figures = use_of(
                spaces=venue.spaces.order_by("name"),
                first=form.cleaned_data["since"],
                last=form.cleaned_data["until"],
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
    status = 422 if form.errors else 200
    kind = request.GET.get("as")
    if kind in ("csv", "xlsx") and status == 200:
        return _use_file(kind, venue, figures)
    values = [one.value for one in figures if one.value is not None]
    context = {
        "venue": venue,
        "tab": "use",
        "form": form,
        "figures": figures,
        "total": sum(values) if values else None,
        "hours": sum(one.own_hours for one in figures),
        "query": urlencode({name: form[name].value() for name in ("since", "until")}),
    }
    return render(request, "events/venues/use.html", context, status=status)


@desk_required(may_see_bookings)
@require_http_methods(["GET", "POST"])
def feeds_page(request, slug):
    """Secret calendar addresses: made here, shown once, taken back here."""
    venue = venue_of(request, slug)
    form = FeedForm(request.POST or None, venue=venue)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = make_feed(venue=venue, by=request.user, now=timezone.now(), **form.cleaned_data)
            address = f"{settings.SITE_URL}/calendar/{secret}.ics"
            form = FeedForm(venue=venue)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {
        "venue": venue,
        "tab": "feeds",
        "form": form,
        "address": address,
        "feeds": venue.feeds.live().select_related("space", "made_by"),
    }
    return render(request, "events/venues/feeds.html", context, status=422 if form.errors else 200)


@desk_required(may_see_bookings)
@require_POST
def feed_revoke(request, slug, pk):
    venue = venue_of(request, slug)
    if pk > 2**63 - 1:
        raise Http404
    revoke_feed(feed=get_object_or_404(venue.feeds, pk=pk), now=timezone.now())
    messages.success(request, "That address answers nothing any more.")
    return redirect("desk-venue-feeds", slug=slug)


@require_safe
def feed_ics(request, secret):
    """For calendar programs, by a secret address; a revoked one looks like none."""
    feed = feed_of(secret=secret)
    if feed is None:
        raise Http404
    now = timezone.now()
    bookings, closures = feed_entries(feed=feed, now=now)
    name = f"{feed.space}, {feed.venue}" if feed.space else str(feed.venue)
    content = bookings_calendar(bookings=bookings, closures=closures, name=name, now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="bookings.ics"'
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def venue_of(request, slug: str) -> Venue:
    """Somebody else's venue looks the same as no venue at all."""
    return get_object_or_404(visible_venues(request.user), slug=slug)


def _use_file(kind: str, venue: Venue, figures: list) -> HttpResponse:
    rows = use_rows(figures)
    if kind == "csv":
        response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_file(title="Use", rows=rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="use-{venue.slug}.{kind}"'
    return response


def _asked_day(request, today: date) -> date:
    """The day in the address, or today where there is none that can be."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if EARLIEST <= day <= LATEST else today


def _query(view: str, day: date, space) -> str:
    return urlencode({"view": view, "day": day.isoformat()} | ({"space": space.slug} if space else {}))
