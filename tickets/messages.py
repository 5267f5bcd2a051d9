"""What do our mails to young people, guardians and leads say? Plain words, names as text, no person in a subject."""

from django.conf import settings
from django.template.loader import render_to_string

from outbox.domain import composers
from outbox.domain.composers import Mail
from tickets.domain import codes
from tickets.domain.waiting import position
from tickets.ics import event_calendar
from tickets.models import Guardian, Registration, WaitingListEntry
from tickets.pdf import tickets_pdf


def register_composers() -> None:
    for purpose, composer in {
        "registered": _registered,
        "confirmed": _registered,
        "sent-again": _registered,
        "desk-cancelled": _desk_cancelled,
        "guardian": _guardian,
        "guardian-reminder": _guardian,
        "find-ticket": _registered,
        "reminder-7": _reminder,
        "reminder-1": _reminder,
        "event-cancelled": _event_cancelled,
        "event-moved": _event_moved,
        "waiting": _waiting,
        "offer": _offer,
    }.items():
        composers.register(purpose, composer)


def owner_address(registration: Registration) -> str:
    return f"{settings.SITE_URL}/my/{codes.owner_secret(registration)}/"


def _registration(context: dict) -> Registration | None:
    """None where it ended or was erased meanwhile."""
    found = _any_registration(context)
    return found if found and found.ended_at is None else None


def _any_registration(context: dict) -> Registration | None:
    """Also one that ended; None where it was erased meanwhile."""
    return (
        Registration.objects.select_related("event__venue")
        .filter(pk=context["registration"], lead_email__gt="")
        .first()
    )


def _registered(context: dict) -> Mail | None:
    registration = _registration(context)
    if registration is None:
        return None
    event = registration.event
    on_hold = registration.state == Registration.State.ON_HOLD
    calendar = event_calendar(events=[event], name=event.title, link=owner_address(registration))
    attachments = [("event.ics", calendar, "text/calendar")]
    if not on_hold:
        attachments.insert(0, ("ticket.pdf", tickets_pdf(registration=registration), "application/pdf"))
    subject = f"Your place is held: {event.title}" if on_hold else f"Your ticket: {event.title}"
    return _mail(
        "registered", [registration.lead_email], subject, attachments=attachments, registration=registration,
        event=event, on_hold=on_hold, address=owner_address(registration),
    )  # fmt: skip


def _guardian(context: dict) -> Mail | None:
    guardian = (
        Guardian.objects.select_related("ticket__event__venue")
        .filter(pk=context["guardian"], answer=Guardian.Answer.ASKED, email__gt="")
        .first()
    )
    if guardian is None or guardian.ticket.state != "on-hold":
        return None
    secret = codes.guardian_secret(
        event_id=guardian.ticket.event_id, serial=guardian.ticket.serial, generation=guardian.generation
    )
    return _mail(
        "guardian", [guardian.email], f"Please say yes or no: {guardian.ticket.event.title}",
        guardian=guardian, ticket=guardian.ticket, event=guardian.ticket.event,
        address=f"{settings.SITE_URL}/guardian/{secret}/",
    )  # fmt: skip


def _reminder(context: dict) -> Mail | None:
    registration = _registration(context)
    if registration is None or registration.event.status != "published":
        return None
    return _mail(
        "reminder", [registration.lead_email], f"See you soon: {registration.event.title}",
        registration=registration, event=registration.event, address=owner_address(registration),
        cancel=f"{owner_address(registration)}cancel/",
    )  # fmt: skip


def _desk_cancelled(context: dict) -> Mail | None:
    registration = _any_registration(context)
    if registration is None:
        return None
    event = registration.event
    calendar = event_calendar(events=[event], name=event.title, method="CANCEL")
    return _mail(
        "desk_cancelled", [registration.lead_email], f"Your registration is cancelled: {event.title}",
        attachments=[("event.ics", calendar, "text/calendar; method=CANCEL")], registration=registration, event=event,
    )  # fmt: skip


def _event_cancelled(context: dict) -> Mail | None:
    registration = _any_registration(context)
    if registration is None:
        return None
    event = registration.event
    calendar = event_calendar(events=[event], name=event.title, method="CANCEL")
    return _mail(
        "event_cancelled", [registration.lead_email], f"Cancelled: {event.title}",
        attachments=[("event.ics", calendar, "text/calendar; method=CANCEL")], registration=registration, event=event,
    )  # fmt: skip


def _event_moved(context: dict) -> Mail | None:
    registration = _registration(context)
    if registration is None:
        return None
    event = registration.event
    calendar = event_calendar(events=[event], name=event.title, link=owner_address(registration))
    return _mail(
        "event_moved", [registration.lead_email], f"New time: {event.title}",
        attachments=[("event.ics", calendar, "text/calendar")], registration=registration, event=event,
        address=owner_address(registration),
    )  # fmt: skip


def _waiting(context: dict) -> Mail | None:
    entry = (
        WaitingListEntry.objects.select_related("event").filter(pk=context["entry"], state="waiting").first()
    )
    if entry is None or not entry.email:
        return None
    return _mail(
        "waiting", [entry.email], f"You are on the waiting list: {entry.event.title}", entry=entry,
        event=entry.event, position=position(entry=entry), address=_waiting_address(entry),
    )  # fmt: skip


def _offer(context: dict) -> Mail | None:
    entry = (
        WaitingListEntry.objects.select_related("event").filter(pk=context["entry"], state="offered").first()
    )
    if entry is None or not entry.email:
        return None
    return _mail(
        "offer", [entry.email], f"A place for you: {entry.event.title}", entry=entry, event=entry.event,
        address=_waiting_address(entry),
    )  # fmt: skip


def _waiting_address(entry: WaitingListEntry) -> str:
    return f"{settings.SITE_URL}/waiting/{codes.waiting_secret(entry.pk)}/"


def _mail(template: str, to: list[str], subject: str, *, attachments=(), **values) -> Mail:
    """Text from its template; HTML is the same text in a plain frame, so the two never differ."""
    text = render_to_string(f"tickets/mail/{template}.txt", values).strip() + "\n"
    html = render_to_string(
        "tickets/mail/frame.html", {"subject": subject, "text": text, "address": values.get("address")}
    )
    return Mail(to=to, subject=subject, text=text, html=html, attachments=list(attachments))
