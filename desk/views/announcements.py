"""What do organisers write to many people, and how does one of them stop it?"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from desk.domain import announcements
from desk.forms.registrations import AnnouncementForm, SendForm
from desk.messages import announcement_mail
from desk.models import Announcement
from desk.rules import may_see_registrations
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal

GET_POST = ["GET", "HEAD", "POST"]
LATEST = 100


@require_safe
@desk_required(may_see_registrations)
def message_list(request, slug):
    event = visible_event(request, slug)
    rows = Announcement.objects.filter(event=event).select_related("session", "written_by")[:LATEST]
    return render(request, "desk/messages.html", {"event": event, "tab": "messages", "rows": rows})


@require_http_methods(GET_POST)
@desk_required(may_see_registrations)
def message_form(request, slug, uid=None):
    event = visible_event(request, slug)
    found = (
        get_object_or_404(Announcement.objects.select_related("session"), event=event, uid=uid)
        if uid
        else None
    )
    initial = {"audience": Announcement.Audience.ALL}
    if found:
        initial = {name: getattr(found, name) for name in ("audience", "subject", "body")}
        initial["session"] = found.session.slug if found.session else ""
    form = AnnouncementForm(request.POST if request.method == "POST" else None, event=event, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = announcements.write(
                event=event, by=request.user, now=timezone.now(), announcement=found, **form.cleaned_data
            )
            return redirect("desk-message", slug, kept.uid)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"event": event, "tab": "messages", "form": form, "announcement": found}
    return render(request, "desk/message_form.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
@desk_required(may_see_registrations)
def message_page(request, slug, uid):
    """As its readers will see it, to how many, and the button that sends it."""
    event = visible_event(request, slug)
    announcement = get_object_or_404(
        Announcement.objects.select_related("session", "written_by", "event__venue"), event=event, uid=uid
    )
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = {"announcement": announcement, "by": request.user, "now": timezone.now()}
        try:
            if request.POST.get("do") == "take-back":
                announcements.withdraw(**by)
                messages.success(request, "The message is taken back. Nobody gets it.")
            else:
                announcements.schedule(send_at=form.cleaned_data["send_at"], **by)
                messages.success(request, "The message will be sent.")
            return redirect("desk-message", slug, uid)
        except Refusal as refusal:
            form.add_refusal(refusal)
    waits = announcement.state in {Announcement.State.DRAFT, Announcement.State.SCHEDULED}
    whom = announcements.recipients_of(
        event=event, audience=announcement.audience, session=announcement.session
    )
    mail = announcement_mail(
        announcement,
        name="" if announcement.audience == Announcement.Audience.WAITING else "Sam Sample",
        address="" if announcement.is_news else "(their own link)",
        way_out="(their own link)" if announcement.is_news else "",
    )
    context = {
        "event": event,
        "tab": "messages",
        "announcement": announcement,
        "form": form,
        "mail": mail,
        "people": len(whom) if waits else announcement.recipients,
        "waits": waits,
        "is_draft": announcement.state == Announcement.State.DRAFT,
    }
    return render(request, "desk/message.html", context, status=422 if form.errors else 200)


@csrf_exempt  # a mail program posts here for its owner (RFC 8058); all it can do is end news
@never_cache
@require_http_methods(GET_POST)
def news_off(request, secret):
    """No more news.

    Opening the link asks for one tap, so that no preview does it; one click in a mail program posts.
    """
    if announcements.registration_of_token(token=secret) is None:
        raise Http404
    done = request.method == "POST" and announcements.stop_news(token=secret, now=timezone.now())
    return render(request, "desk/public/news_off.html", {"done": done})
