"""What do our mails to young people, guardians and leads say?

Plain words, names as text, no person in a subject.
"""

import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from events.models import Session
from outbox.domain import composers
from outbox.domain.composers import Mail
from tickets.domain import codes
from tickets.domain.groups import names_due_at
from tickets.domain.party_claims import heads_of
from tickets.domain.party_names import unnamed
from tickets.domain.ticket_sheets import is_large
from tickets.domain.waiting_list import STANDING, position
from tickets.ics import event_calendar
from tickets.models import Guardian, Registration, SessionPlace, WaitingListEntry
from tickets.pdf import tickets_pdf

_LIKE_AN_ADDRESS = re.compile(r"://|www\.|[^\W_]\.[^\W\d_]{2,}|@", re.IGNORECASE)


def register_composers() -> None:
    for purpose, composer in {
        "registered": _registered,
        "confirmed": _registered,
        "sent-again": _registered,
        "guardian": _guardian,
        "guardian-reminder": _guardian,
        "find-ticket": _found,
        "reminder-7": _reminder,
        "reminder-1": _reminder,
        "waiting": _waiting,
        "offer": _offer,
        "session-offer": _session_offer,
        "names": _names,
        "ended": _ended,
        "prove-address": _prove_address,
        "group-waits": _registered,
        "group-declined": _group_declined,
    }.items():
        composers.register(purpose, composer)


def unlinked(text: str) -> str:
    """What somebody typed, so that no mail program makes a link of it: it looks the same."""
    if not _LIKE_AN_ADDRESS.search(text):
        return text
    return re.sub(r"([.:/@])(?=\S)", "\\1\u2060", text)


def owner_address(registration: Registration) -> str:
    return f"{settings.SITE_URL}/my/{codes.owner_secret(registration)}/"


def standing_registration(context: dict) -> Registration | None:
    """None where it ended or was erased meanwhile, or has to prove its address first."""
    found = any_registration(context)
    return found if found and found.ended_at is None else None


def any_registration(context: dict) -> Registration | None:
    """Also one that ended; None where it was erased meanwhile, or has to prove its address first."""
    found = _by_id(context)
    return None if found and is_unproved_group(found) else found


def _by_id(context: dict) -> Registration | None:
    return (
        Registration.objects.select_related("event__venue")
        .filter(pk=context["registration"], lead_email__gt="")
        .first()
    )


def is_unproved_group(registration: Registration) -> bool:
    """The address that a stranger typed has one mail, "prove-address"; all others wait until it is proved."""
    return registration.kind == Registration.Kind.GROUP and registration.needs_proof


def _prove_address(context: dict) -> Mail | None:
    """To an address that anybody may have typed: how to prove it, and nothing else."""
    registration = _by_id(context)
    if registration is None or registration.ended_at is not None or not registration.needs_proof:
        return None
    proof = f"{owner_address(registration)}confirm/{codes.proof_secret(registration)}/"
    text = render_to_string("tickets/mail/prove_address.txt", {"proof": proof}).strip() + "\n"
    return _mail([registration.lead_email], "Is this your e-mail address?", text, ours=[proof])


def _group_declined(context: dict) -> Mail | None:
    registration = any_registration(context)
    if registration is None or registration.ended_at is None:
        return None
    event = registration.event
    return mail_from(
        "tickets/mail/group_declined.txt",
        [registration.lead_email],
        f"No places for your group: {event.title}",
        registration=registration,
        event=event,
        reason=unlinked(context["reason"]),
        address=f"{settings.SITE_URL}/e/{event.slug}/",
    )


def _group_waits(registration: Registration) -> Mail:
    """To the proved lead of a group that an organiser looks at first."""
    event = registration.event
    return mail_from(
        "tickets/mail/group_waits.txt",
        [registration.lead_email],
        f"We look at your group: {event.title}",
        registration=registration,
        event=event,
        is_held=registration.state == Registration.State.ON_HOLD,
        heads=heads_of(registration=registration),
        address=owner_address(registration),
    )


def _registered(context: dict) -> Mail | None:
    registration = standing_registration(context)
    if registration is None:
        return _prove_address(context)
    if registration.kind == Registration.Kind.GROUP and registration.state != Registration.State.CONFIRMED:
        return _group_waits(registration)
    event, address = registration.event, owner_address(registration)
    on_hold = registration.state == Registration.State.ON_HOLD
    calendar = event_calendar(events=[event], name=event.title, link=address)
    attachments = [("event.ics", calendar, "text/calendar")]
    large = is_large(registration=registration)
    if not on_hold and not large:
        attachments.insert(0, ("ticket.pdf", tickets_pdf(registration=registration), "application/pdf"))
    proof = f"{address}confirm/{codes.proof_secret(registration)}/" if registration.needs_proof else ""
    subject = f"Your ticket: {event.title}"
    if proof:
        subject = f"Keep your place: {event.title}"
    elif on_hold:
        subject = f"Your place is held: {event.title}"
    return mail_from(
        "tickets/mail/registered.txt",
        [registration.lead_email],
        subject,
        attachments=attachments,
        registration=registration,
        event=event,
        on_hold=on_hold,
        address=address,
        proof=proof,
        large=large,
        is_group=registration.kind == Registration.Kind.GROUP,
    )


def _found(context: dict) -> Mail | None:
    """All that stands in the name of one address, each with its link; the address is read from them."""
    registrations = [one for pk in context["registrations"] if (one := _by_id({"registration": pk}))]
    there = [one for one in registrations if one.ended_at is None]
    entries = WaitingListEntry.objects.select_related("event").filter(
        pk__in=context["entries"], state__in=STANDING, email__gt=""
    )
    lines = [(one.event, "Your ticket", _way_in(one)) for one in there]
    lines += [(one.event, "Your place in the queue", _waiting_address(one)) for one in entries]
    if not lines:
        return None
    text = render_to_string("tickets/mail/found.txt", {"lines": lines}).strip() + "\n"
    to = there[0].lead_email if there else entries[0].email
    return _mail([to], "Your tickets", text, ours=[address for _, _, address in lines])


def _way_in(registration: Registration) -> str:
    """Its page; first the proof, where the place waits for it."""
    address = owner_address(registration)
    return f"{address}confirm/{codes.proof_secret(registration)}/" if registration.needs_proof else address


def _names(context: dict) -> Mail | None:
    """To the lead of a group, while tickets have no name."""
    registration = standing_registration(context)
    if registration is None or registration.event.status != "published":
        return None
    if not (left := unnamed(registration=registration)):
        return None
    event = registration.event
    return mail_from(
        "tickets/mail/names.txt",
        [registration.lead_email],
        f"Who comes with you? {event.title}",
        registration=registration,
        event=event,
        unnamed=left,
        due_at=names_due_at(event=event),
        address=f"{owner_address(registration)}names/",
    )


def _ended(context: dict) -> Mail | None:
    """A cancelled or lapsed place: said once, and taken out of the calendar."""
    registration = (
        Registration.objects.select_related("event__venue")
        .filter(pk=context["registration"], lead_email__gt="", ended_at__isnull=False)
        .first()
    )
    if registration is None or registration.event.status != "published":
        return None
    event = registration.event
    calendar = event_calendar(events=[event], name=event.title, method="CANCEL")
    return mail_from(
        "tickets/mail/ended.txt",
        [registration.lead_email],
        f"Your place is free again: {event.title}",
        attachments=[("event.ics", calendar, "text/calendar; method=CANCEL")],
        registration=registration,
        event=event,
        lapsed=registration.state == Registration.State.LAPSED,
        refused=Guardian.objects.filter(ticket__registration=registration, answer="refused").exists(),
        address=f"{settings.SITE_URL}/e/{event.slug}/",
    )


def _guardian(context: dict) -> Mail | None:
    guardian = (
        Guardian.objects.select_related("ticket__event__venue", "ticket__registration")
        .filter(pk=context["guardian"], answer=Guardian.Answer.ASKED, email__gt="")
        .first()
    )
    if guardian is None or guardian.ticket.state != "on-hold":
        return None
    secret = codes.guardian_secret(
        event_id=guardian.ticket.event_id, serial=guardian.ticket.serial, generation=guardian.generation
    )
    return mail_from(
        "tickets/mail/guardian.txt",
        [guardian.email],
        f"Please say yes or no: {guardian.ticket.event.title}",
        name=unlinked(guardian.name),
        child=unlinked(guardian.ticket.name),
        age=guardian.ticket.age,
        event=guardian.ticket.event,
        until=guardian.ticket.registration.hold_until,
        address=f"{settings.SITE_URL}/guardian/{secret}/",
    )


def _reminder(context: dict) -> Mail | None:
    registration = standing_registration(context)
    if registration is None or registration.event.status != "published":
        return None
    no_phone = Guardian.objects.filter(ticket__registration=registration, phone="", answer="confirmed")
    return mail_from(
        "tickets/mail/reminder.txt",
        [registration.lead_email],
        f"See you soon: {registration.event.title}",
        registration=registration,
        event=registration.event,
        address=owner_address(registration),
        cancel=f"{owner_address(registration)}cancel/",
        needs_phone=no_phone.exists(),
        sessions=Session.objects.filter(
            pk__in=SessionPlace.objects.filter(ticket__registration=registration).values("session")
        ),
    )


def _waiting(context: dict) -> Mail | None:
    entry = (
        WaitingListEntry.objects.select_related("event").filter(pk=context["entry"], state="waiting").first()
    )
    if entry is None or not entry.email:
        return None
    return mail_from(
        "tickets/mail/waiting.txt",
        [entry.email],
        f"You are on the waiting list: {entry.event.title}",
        entry=entry,
        event=entry.event,
        position=position(entry=entry),
        address=_waiting_address(entry),
    )


def _offer(context: dict) -> Mail | None:
    entry = (
        WaitingListEntry.objects.select_related("event").filter(pk=context["entry"], state="offered").first()
    )
    if entry is None or not entry.email:
        return None
    return mail_from(
        "tickets/mail/offer.txt",
        [entry.email],
        f"A place for you: {entry.event.title}",
        entry=entry,
        event=entry.event,
        organisation=unlinked(entry.organisation),
        address=_waiting_address(entry),
    )


def _session_offer(context: dict) -> Mail | None:
    entry = (
        WaitingListEntry.objects.select_related("event", "session")
        .filter(pk=context["entry"], state="offered", session__isnull=False)
        .first()
    )
    if entry is None or not entry.email:
        return None
    return mail_from(
        "tickets/mail/session_offer.txt",
        [entry.email],
        f"A place in a session: {entry.event.title}",
        entry=entry,
        event=entry.event,
        session=entry.session,
        address=_waiting_address(entry),
    )


def _waiting_address(entry: WaitingListEntry) -> str:
    return f"{settings.SITE_URL}/waiting/{codes.waiting_secret(entry.pk)}/"


def mail_from(template: str, to: list[str], subject: str, *, attachments=(), **values) -> Mail:
    """Text from its template; HTML is the same text in a plain frame, so the two never differ."""
    registration = values.get("registration")
    if registration is not None:
        values["name"] = unlinked(registration.lead_name)
        values["organisation"] = unlinked(registration.organisation)
    text = render_to_string(template, values).strip() + "\n"
    ours = [values[name] for name in ("address", "proof", "cancel", "way_out") if values.get(name)]
    return _mail(to, subject, text, ours=ours, attachments=attachments)


def _mail(to: list[str], subject: str, text: str, *, ours: list[str], attachments=()) -> Mail:
    html = render_to_string(
        "tickets/mail/frame.html", {"subject": subject, "paragraphs": _paragraphs(text, ours)}
    )
    return Mail(to=to, subject=subject, text=text, html=html, attachments=list(attachments))


def _paragraphs(text: str, ours: list[str]) -> list[SafeString]:
    """Each paragraph as HTML in which our own addresses, and nothing that anybody typed, are links."""
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        lines = []
        for line in paragraph.split("\n"):
            before, address, after = next(
                (line.partition(one) for one in sorted(ours, key=len, reverse=True) if one in line),
                (line, "", ""),
            )
            link = format_html('<a href="{}">{}</a>', address, address) if address else ""
            lines.append(format_html("{}{}{}", before, link, after))
        paragraphs.append(format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)))
    return paragraphs
