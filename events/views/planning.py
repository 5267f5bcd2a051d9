"""How does an organiser plan an edition: its facts, its sessions, its exhibitors, its publication?"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from events.domain.capacity import capacity_ceiling
from events.domain.planning import PROMISED, change_event, create_event, peak_note, publish_event
from events.domain.programme import (
    change_session,
    plan_session,
    remove_exhibitor,
    remove_session,
    save_exhibitor,
)
from events.forms.planning import EventForm, ExhibitorForm, SessionForm
from events.models import Event
from events.rules import may_plan, may_see_events, visible_events
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
@desk_required(may_see_events)
def event_list(request):
    now = timezone.now()
    events = visible_events(request.user).select_related("venue", "series")
    context = {
        "coming": events.filter(ends_at__gt=now).order_by("starts_at"),
        "past": events.filter(ends_at__lte=now).order_by("-starts_at"),
    }
    return render(request, "events/planning/list.html", context)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def event_new(request):
    form = EventForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            event = create_event(by=request.user, **form.cleaned_data)
            messages.success(request, "The edition is planned as a draft. Nobody outside sees it yet.")
            return redirect("desk-event", slug=event.slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _form(request, "events/planning/form.html", form)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def event_edit(request, slug):
    event = visible_event(request, slug)
    keep = {"slug"} if event.status == Event.Status.DRAFT else {"slug", *PROMISED}
    form = EventForm(request.POST if request.method == "POST" else None, event=event, keep=keep)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        if "doors_open_at" in fields and fields["doors_open_at"] is None:
            del fields["doors_open_at"]
        try:
            change_event(event=event, now=timezone.now(), **fields)
            messages.success(request, "Saved.")
            return redirect("desk-event", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _form(request, "events/planning/form.html", form, event=event, tab="plan")


@require_http_methods(GET_POST)
@desk_required(may_plan)
def event_publish(request, slug):
    event = visible_event(request, slug)
    if request.method == "POST":
        try:
            publish_event(event=event, now=timezone.now())
            messages.success(
                request, "The edition is public. People can register as soon as registration opens."
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("desk-event", slug=slug)
    context = {
        "event": event,
        "tab": "overview",
        "ceiling": capacity_ceiling(event=event),
        "peak": peak_note(people=event.expected_peak),
    }
    return render(request, "events/planning/publish.html", context)


@require_safe
@desk_required(may_plan)
def programme(request, slug):
    """Sessions and exhibitors of an edition."""
    event = visible_event(request, slug)
    context = {
        "event": event,
        "tab": "programme",
        "sessions": event.sessions.select_related("space").prefetch_related("strands", "exhibitors"),
        "exhibitors": event.exhibitors.prefetch_related("strands"),
    }
    return render(request, "events/planning/programme.html", context)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def session_form(request, slug, session=None):
    event = visible_event(request, slug)
    found = get_object_or_404(event.sessions.select_related("space"), slug=session) if session else None
    form = SessionForm(request.POST if request.method == "POST" else None, event=event, session=found)
    if request.method == "POST" and form.is_valid():
        try:
            if found:
                change_session(session=found, **form.cleaned_data)
            else:
                plan_session(
                    event=event,
                    slug=_free_slug(event.sessions, form.cleaned_data["title"]),
                    **form.cleaned_data,
                )
            messages.success(request, "The session is saved.")
            return redirect("desk-programme", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _form(request, "events/planning/session.html", form, event=event, tab="programme", session=found)


@require_http_methods(GET_POST)
@desk_required(may_plan)
def session_remove(request, slug, session):
    event = visible_event(request, slug)
    found = get_object_or_404(event.sessions, slug=session)
    if request.method == "POST":
        try:
            remove_session(session=found)
            messages.success(request, f"{found.title} is taken off the programme.")
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("desk-programme", slug=slug)
    return render(
        request,
        "events/planning/remove.html",
        {"event": event, "tab": "programme", "what": found.title, "people": found.places_taken},
    )


@require_http_methods(GET_POST)
@desk_required(may_plan)
def exhibitor_form(request, slug, exhibitor=None):
    event = visible_event(request, slug)
    found = get_object_or_404(event.exhibitors, slug=exhibitor) if exhibitor else None
    form = ExhibitorForm(request.POST if request.method == "POST" else None, exhibitor=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_exhibitor(
                event=event,
                exhibitor=found,
                slug=slugify(form.cleaned_data["name"])[:80] or "exhibitor",
                **form.cleaned_data,
            )
            messages.success(request, "The exhibitor is saved.")
            return redirect("desk-programme", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _form(
        request, "events/planning/exhibitor.html", form, event=event, tab="programme", exhibitor=found
    )


@require_http_methods(GET_POST)
@desk_required(may_plan)
def exhibitor_remove(request, slug, exhibitor):
    event = visible_event(request, slug)
    found = get_object_or_404(event.exhibitors, slug=exhibitor)
    if request.method == "POST":
        remove_exhibitor(exhibitor=found)
        messages.success(request, f"{found.name} is taken off the list.")
        return redirect("desk-programme", slug=slug)
    return render(
        request,
        "events/planning/remove.html",
        {"event": event, "tab": "programme", "what": found.name, "people": 0},
    )


def _form(request, template: str, form, **context):
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form} | context, status=status)


def _free_slug(siblings, title: str) -> str:
    """An address from the title that no sibling has: talk, talk-2, talk-3."""
    base = slugify(title)[:70] or "session"
    taken = set(siblings.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    for number in range(2, 1000):
        if f"{base}-{number}" not in taken:
            return f"{base}-{number}"
    raise Http404
