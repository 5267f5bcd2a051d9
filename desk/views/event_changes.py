"""How does an organiser copy, move, cancel or close an edition, knowing first whom it touches?"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from desk.domain.event_changes import (
    UnsentScans,
    affected_by,
    cancel_event,
    close,
    copy_event,
    move_event,
    move_session,
)
from desk.domain.event_progress import progress_of
from desk.forms.registrations import CancelForm, CloseForm, CopyForm, MoveForm, MoveSessionForm
from events.domain.event_bookings import plan_move
from events.rules import may_plan
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
@desk_required(may_plan)
def copy_page(request, slug):
    event = visible_event(request, slug)
    form = CopyForm(request.POST if request.method == "POST" else None, initial={"title": event.title})
    if request.method == "POST" and form.is_valid():
        try:
            copy = copy_event(event=event, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(
                request,
                "The copy is a draft. Nobody outside sees it yet. Check each part before you publish it.",
            )
            return redirect("desk-event", slug=copy.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {
        "event": event,
        "tab": "overview",
        "form": form,
        "sessions": event.sessions.count(),
        "exhibitors": event.exhibitors.count(),
    }
    return _page(request, "desk/copy.html", form, context)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def move_page(request, slug):
    """First when and where, then whom it touches, then the move: three looks at one page."""
    event, now = visible_event(request, slug), timezone.now()
    initial = {
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "venue": event.venue.slug if event.venue else "",
    }
    form = MoveForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"event": event, "tab": "overview", "form": form}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        if request.POST.get("sure"):
            try:
                move_event(event=event, by=request.user, now=now, **asked)
                messages.success(request, "The edition has moved. Everybody is being told by mail.")
                return redirect("desk-event", slug=slug)
            except Refusal as refusal:
                form.add_refusal(refusal)
        stays = asked["venue"] == event.venue
        context["affected"] = affected_by(event=event)
        context["steps"] = (
            plan_move(event=event, starts_at=asked["starts_at"], ends_at=asked["ends_at"], now=now)
            if stays
            else []
        )
        context["elsewhere"] = not stays
        context["asked"] = asked
    return _page(request, "desk/move.html", form, context)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def session_page(request, slug, session):
    """A new time for a session that people have chosen; each of them is told."""
    event = visible_event(request, slug)
    found = get_object_or_404(event.sessions.select_related("event"), slug=session)
    initial = {"starts_at": found.starts_at, "ends_at": found.ends_at}
    form = MoveSessionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            move_session(session=found, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "The session has moved. Everybody who chose it is being told by mail.")
            return redirect("desk-programme", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"event": event, "tab": "programme", "form": form, "session": found}
    return _page(request, "desk/move_session.html", form, context)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def cancel_page(request, slug):
    event = visible_event(request, slug)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_event(event=event, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            messages.success(request, "The edition is cancelled. Everybody is being told by mail.")
            return redirect("desk-event", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"event": event, "tab": "overview", "form": form, "affected": affected_by(event=event)}
    return _page(request, "desk/cancel_event.html", form, context)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def close_page(request, slug):
    event = visible_event(request, slug)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close(event=event, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            messages.success(request, "The books of this edition are closed.")
            return redirect("desk-event", slug=slug)
        except UnsentScans as refusal:
            form.add_error("reason", refusal.message)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {
        "event": event,
        "tab": "overview",
        "form": form,
        "progress": progress_of(events=[event])[event.pk],
    }
    return _page(request, "desk/close.html", form, context)


def _page(request, template: str, form, context: dict):
    return render(request, template, context, status=422 if form.errors else 200)
