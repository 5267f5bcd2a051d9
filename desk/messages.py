"""What do our mails say when organisers move or cancel an edition, or write to many?"""

from dataclasses import replace

from django.conf import settings

from desk.domain import announcements
from desk.models import Announcement
from events.models import Session
from outbox.domain import composers
from outbox.domain.composers import Mail
from tickets.domain import codes
from tickets.ics import event_calendar
from tickets.messages import any_registration, mail_from, owner_address, standing_registration, unlinked
from tickets.models import Guardian, Registration, WaitingListEntry


def register_composers() -> None:
    for purpose, composer in {
        "event-cancelled": _event_cancelled,
        "event-moved": _event_moved,
        "event-moved-guardian": _moved_guardian,
        "event-moved-waiting": _moved_waiting,
        "event-cancelled-guardian": _cancelled_guardian,
        "event-cancelled-waiting": _cancelled_waiting,
        "session-moved": _session_moved,
        announcements.PURPOSE: _announcement,
    }.items():
        composers.register(purpose, composer)


def _guardian(context: dict) -> Guardian | None:
    return (
        Guardian.objects.select_related("ticket__event__venue")
        .filter(pk=context["guardian"], email__gt="")
        .first()
    )


def _entry(context: dict) -> WaitingListEntry | None:
    return (
        WaitingListEntry.objects.select_related("event__venue")
        .filter(pk=context["entry"], email__gt="")
        .first()
    )


def _moved_guardian(context: dict) -> Mail | None:
    guardian = _guardian(context)
    if guardian is None or guardian.ticket.state == "cancelled":
        return None
    ticket, event = guardian.ticket, guardian.ticket.event
    secret = codes.guardian_secret(event_id=event.pk, serial=ticket.serial, generation=guardian.generation)
    address = f"{settings.SITE_URL}/guardian/{secret}/"
    return mail_from(
        "desk/mail/event_moved_guardian.txt",
        [guardian.email],
        f"New time or place: {event.title}",
        name=unlinked(guardian.name),
        child=unlinked(ticket.name),
        asked=guardian.answer == Guardian.Answer.ASKED,
        event=event,
        address=address,
    )


def _moved_waiting(context: dict) -> Mail | None:
    entry = _entry(context)
    if entry is None or entry.state not in {"waiting", "offered"}:
        return None
    address = f"{settings.SITE_URL}/waiting/{codes.waiting_secret(entry.pk)}/"
    return mail_from(
        "desk/mail/event_moved_waiting.txt",
        [entry.email],
        f"New time or place: {entry.event.title}",
        entry=entry,
        event=entry.event,
        address=address,
    )


def _session_moved(context: dict) -> Mail | None:
    registration = (
        Registration.objects.select_related("event__venue")
        .filter(pk=context["registration"], lead_email__gt="", ended_at__isnull=True)
        .first()
    )
    session = Session.objects.filter(pk=context["session"]).first()
    if registration is None or session is None:
        return None
    return mail_from(
        "desk/mail/session_moved.txt",
        [registration.lead_email],
        f"New time: {session.title}",
        registration=registration,
        session=session,
        event=registration.event,
        address=owner_address(registration),
    )


def _cancelled_guardian(context: dict) -> Mail | None:
    guardian = _guardian(context)
    if guardian is None:
        return None
    event = guardian.ticket.event
    return mail_from(
        "desk/mail/event_cancelled_guardian.txt",
        [guardian.email],
        f"Cancelled: {event.title}",
        name=unlinked(guardian.name),
        child=unlinked(guardian.ticket.name),
        event=event,
        attachments=[
            (
                "event.ics",
                event_calendar(events=[event], name=event.title, method="CANCEL"),
                "text/calendar; method=CANCEL",
            )
        ],
    )


def _cancelled_waiting(context: dict) -> Mail | None:
    entry = _entry(context)
    if entry is None:
        return None
    return mail_from(
        "desk/mail/event_cancelled_waiting.txt",
        [entry.email],
        f"Cancelled: {entry.event.title}",
        entry=entry,
        event=entry.event,
    )


def announcement_mail(announcement: Announcement, *, name: str, address: str = "", way_out: str = "") -> Mail:
    """What one recipient reads; also the preview. The organiser's words are values, never a template."""
    return mail_from(
        "desk/mail/announcement.txt",
        [],
        announcement.subject,
        name=unlinked(name),
        body=announcement.body,
        event=announcement.event,
        address=address,
        way_out=way_out,
    )


def _announcement(context: dict) -> Mail | None:
    """None where the message was taken back, or the recipient is no longer to be written to."""
    announcement = (
        Announcement.objects.select_related("event__venue")
        .filter(pk=context["announcement"], state=Announcement.State.SENT)
        .first()
    )
    if announcement is None:
        return None
    if "guardian" in context:
        guardian = _guardian(context)
        return (
            replace(announcement_mail(announcement, name=guardian.name), to=[guardian.email])
            if guardian
            else None
        )
    if "entry" in context:
        entry = _entry(context)
        return replace(announcement_mail(announcement, name=""), to=[entry.email]) if entry else None
    return _to_registration(announcement, context["registration"])


def _to_registration(announcement: Announcement, pk: int) -> Mail | None:
    registration = Registration.objects.filter(pk=pk, lead_email__gt="").first()
    if registration is None:
        return None
    if announcement.is_news:
        if not announcements.wants_news(registration=registration):
            return None
        way_out = f"{settings.SITE_URL}/news-off/{announcements.news_off_token(registration)}/"
        headers = {
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        mail = announcement_mail(announcement, name=registration.lead_name, way_out=way_out)
        return replace(mail, to=[registration.lead_email], headers=headers)
    if registration.ended_at is not None:
        return None
    mail = announcement_mail(announcement, name=registration.lead_name, address=owner_address(registration))
    return replace(mail, to=[registration.lead_email])


def _event_cancelled(context: dict) -> Mail | None:
    registration = any_registration(context)
    if registration is None:
        return None
    event = registration.event
    calendar = event_calendar(events=[event], name=event.title, method="CANCEL")
    return mail_from(
        "desk/mail/event_cancelled.txt",
        [registration.lead_email],
        f"Cancelled: {event.title}",
        attachments=[("event.ics", calendar, "text/calendar; method=CANCEL")],
        registration=registration,
        event=event,
    )


def _event_moved(context: dict) -> Mail | None:
    registration = standing_registration(context)
    if registration is None:
        return None
    event = registration.event
    calendar = event_calendar(events=[event], name=event.title, link=owner_address(registration))
    return mail_from(
        "desk/mail/event_moved.txt",
        [registration.lead_email],
        f"New time: {event.title}",
        attachments=[("event.ics", calendar, "text/calendar")],
        registration=registration,
        event=event,
        address=owner_address(registration),
    )
