"""What does the desk see and do with bookings that are there: list, look, confirm, move, release?"""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import desk_required
from events.domain.audit_log import history_of
from events.domain.bookings import (
    CapacityNotConfirmed,
    SpaceUnavailable,
    TooManyPeople,
    confirm_booking,
    move_booking,
    release_booking,
)
from events.domain.repeats import confirm_repeat, release_repeat
from events.domain.space_use import hire_value
from events.exports import booking_rows
from events.forms.bookings import BookingFilterForm, ReleaseForm, SlotForm
from events.models import Booking
from events.rules import may_see_bookings, visible_bookings, visible_venues
from events.views import booking_words
from events.views.holding import taken_values, when_fields
from foundation.refusals import InvalidInput, Refusal
from foundation.spreadsheets import csv_file, xlsx_file
from foundation.wall_time import day_bounds

A_PAGE = 50
LAPSING = timedelta(days=3)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_ID = 2**63 - 1


@desk_required(may_see_bookings)
@require_safe
def bookings_page(request):
    """What waits for a yes, and everything that is still to come."""
    now = timezone.now()
    form = BookingFilterForm(request.GET, venues=visible_venues(request.user))
    bookings = filtered_bookings(request, form, now)
    page = Paginator(bookings, A_PAGE).get_page(request.GET.get("page"))
    waiting = visible_bookings(request.user).filter(
        state=Booking.State.HELD, rank=1, ends_at__gt=now, hold_until__gt=now
    )
    context = {
        "form": form,
        "page": page,
        "waiting": waiting.order_by("hold_until", "starts_at")[:10],
        "waiting_number": waiting.count(),
        "lapsing_before": now + LAPSING,
        "query": _query_without_page(request),
        "is_filtered": any(form.data.get(name) for name in form.fields),
    }
    return render(request, "events/bookings/list.html", context, status=422 if form.errors else 200)


def filtered_bookings(request, form: BookingFilterForm, now):
    """The bookings that the filter asks for, in order of time; of a filter at fault, none."""
    bookings = visible_bookings(request.user).order_by("starts_at", "space__name", "rank", "pk")
    if not form.is_valid():
        return bookings.none()
    asked = form.cleaned_data
    if asked["venue"]:
        bookings = bookings.filter(space__venue=asked["venue"])
    if asked["state"] in Booking.State.values:
        bookings = bookings.filter(state=asked["state"])
    elif asked["state"] != "all":
        bookings = bookings.standing()
    since = day_bounds(asked["since"])[0] if asked["since"] else None
    if since or not asked["until"]:
        bookings = bookings.filter(ends_at__gt=since or now)
    if asked["until"]:
        bookings = bookings.filter(starts_at__lt=day_bounds(asked["until"])[1])
    return bookings


@desk_required(may_see_bookings)
@require_safe
def bookings_csv(request):
    """The bookings that the list shows, all pages of them."""
    response = HttpResponse(csv_file(_exported(request)), content_type="text/csv; charset=utf-8")
    return _attached(response, "bookings.csv")


@desk_required(may_see_bookings)
@require_safe
def bookings_xlsx(request):
    content = xlsx_file(title="Bookings", rows=_exported(request))
    return _attached(HttpResponse(content, content_type=XLSX), "bookings.xlsx")


def _exported(request) -> list[list]:
    form = BookingFilterForm(request.GET, venues=visible_venues(request.user))
    return booking_rows(filtered_bookings(request, form, timezone.now()))


def _attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk_required(may_see_bookings)
@require_safe
def booking_page(request, pk):
    return _show(request, booking_of(request, pk))


@desk_required(may_see_bookings)
@require_POST
def confirm_page(request, pk):
    booking, now = booking_of(request, pk), timezone.now()
    try:
        if "repeat" in request.POST and booking.repeat:
            number = confirm_repeat(bookings=_siblings(request, booking), by=request.user, now=now)
            words = f"{number} dates are confirmed."
        else:
            confirm_booking(booking=booking, by=request.user, now=now)
            words = "Confirmed. Whoever holds it has been told."
    except Refusal as refusal:
        return _show(request, booking_of(request, pk), refusal=refusal, status=409)
    messages.success(request, words)
    return redirect("desk-booking", pk=pk)


@desk_required(may_see_bookings)
@require_http_methods(["GET", "POST"])
def release_page(request, pk):
    booking, now = booking_of(request, pk), timezone.now()
    if booking.state == Booking.State.RELEASED:
        return redirect("desk-booking", pk=pk)
    form = ReleaseForm(request.POST or None)
    siblings = _siblings(request, booking)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if "repeat" in request.POST and booking.repeat:
                number = release_repeat(bookings=siblings, by=request.user, reason=reason, now=now)
                words = f"{number} dates are released."
            else:
                release_booking(booking=booking, by=request.user, reason=reason, now=now)
                words = "Released. The space is free again, and the venue has been told."
        except InvalidInput as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, words)
            return redirect("desk-booking", pk=pk)
    context = {"booking": booking, "form": form, "siblings": siblings.standing().count()}
    return render(request, "events/bookings/release.html", context, status=422 if form.errors else 200)


@desk_required(may_see_bookings)
@require_http_methods(["GET", "POST"])
def move_page(request, pk):
    """Another time, another layout or another number of people, in the same space."""
    booking = booking_of(request, pk)
    if booking.state == Booking.State.RELEASED:
        return redirect("desk-booking", pk=pk)
    space, context = booking.space, {"booking": booking, "space": booking.space}
    if request.method == "GET":
        initial = when_fields(booking.starts_at, booking.ends_at) | {
            "people": booking.people,
            "layout": booking.layout and booking.layout.slug,
            "setup_minutes": booking.setup_minutes,
            "clearup_minutes": booking.clearup_minutes,
        }
        form = SlotForm(space=space, initial=initial)
        return render(request, "events/bookings/move.html", context | {"form": form})
    form = SlotForm(request.POST, space=space)
    if form.is_valid():
        try:
            move_booking(
                booking=booking,
                by=request.user,
                now=timezone.now(),
                venues=visible_venues(request.user),
                **form.slot(),
            )
        except SpaceUnavailable as taken:
            context |= taken_values(taken, form, space)
            return render(request, "events/bookings/move.html", context | {"form": form}, status=409)
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, "Moved. It is held until the venue says yes, and the venue has been told."
            )
            return redirect("desk-booking", pk=pk)
    return render(request, "events/bookings/move.html", context | {"form": form}, status=422)


def booking_of(request, pk: int) -> Booking:
    """Somebody else's venue looks the same as no booking at all."""
    if pk > LARGEST_ID:
        raise Http404
    return get_object_or_404(visible_bookings(request.user), pk=pk)


def _show(request, booking: Booking, *, refusal: Refusal | None = None, status: int = 200):
    now = timezone.now()
    siblings = list(_siblings(request, booking).order_by("starts_at"))
    behind = Booking.objects.none()
    if booking.state == Booking.State.HELD and booking.rank == 1:
        behind = visible_bookings(request.user).filter(rank=2, space=booking.space).standing()
        behind = behind.overlapping(booking.blocked_from, booking.blocked_until)
    nobody_speaks = not booking.space.venue.people.exists()
    context = {
        "booking": booking,
        "space": booking.space,
        "venue": booking.space.venue,
        "hours": booking_words.hours_of(booking),
        "answer": booking_words.awaited_answer(
            booking, siblings=siblings, nobody_speaks=nobody_speaks, now=now
        ),
        "ending": booking_words.ending_words(booking, now=now),
        "facts": booking_words.booking_facts(booking, value=hire_value(booking=booking)),
        "may_change": booking.state != Booking.State.RELEASED and booking.ends_at > now,
        "refusal": refusal,
        "is_about_capacity": isinstance(refusal, CapacityNotConfirmed | TooManyPeople),
        "repeats": booking_words.repeated_dates(booking, siblings) if len(siblings) > 1 else [],
        "behind": behind,
        "history": history_of(booking=booking),
    }
    return render(request, "events/bookings/booking.html", context, status=status)


def _siblings(request, booking: Booking):
    """The dates of the same repeat, this one included; none where it does not repeat."""
    if booking.repeat is None:
        return visible_bookings(request.user).none()
    return visible_bookings(request.user).filter(repeat=booking.repeat)


def _query_without_page(request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
