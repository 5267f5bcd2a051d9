"""Who is written to, with what, and when? One text to many, sent once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction

from accounts.models import User
from desk.models import Announcement
from door.models import Admission
from events.models import Event, Session
from foundation import change_log
from foundation.refusals import InvalidInput, Refusal
from outbox.domain.mail_queue import Draft, queue_messages
from people.domain.contacts import normal_email
from tickets.models import Consent, Guardian, Registration, Ticket, WaitingListEntry

FARTHEST = timedelta(days=366)
PURPOSE = "announcement"
Audience = Announcement.Audience
State = Announcement.State
_news = Signer(salt="tickets.news-off")


class AlreadySent(Refusal):
    slug = "already-sent"
    title = "This message is on its way already"


@dataclass(frozen=True)
class Recipients:
    """Ids of those who are written to, by what leads to their address."""

    registrations: list[int] = field(default_factory=list)
    guardians: list[int] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.registrations) + len(self.guardians) + len(self.entries)


def recipients_of(*, event: Event, audience: str, session: Session | None = None) -> Recipients:
    """Everybody of an audience who has an address, as of now. One query."""
    if audience in {Audience.GUARDIANS, Audience.PARENTS}:
        return Recipients(
            guardians=list(_guardians(event, audience).order_by("pk").values_list("pk", flat=True))
        )
    if audience == Audience.WAITING:
        waiting = WaitingListEntry.objects.filter(
            event=event, session__isnull=True, state__in=["waiting", "offered"], email__gt=""
        )
        return Recipients(entries=list(waiting.order_by("pk").values_list("pk", flat=True)))
    found = _registrations(event, audience, session).order_by("pk").values_list("pk", "lead_email")
    if audience == Audience.NEWS:
        return Recipients(registrations=_one_an_address(found))
    return Recipients(registrations=[pk for pk, _ in found])


def write(
    *,
    event: Event,
    audience: str,
    session: Session | None,
    subject: str,
    body: str,
    by: User,
    now: datetime,
    announcement: Announcement | None = None,
) -> Announcement:
    """Keep a draft, or change one. What is typed stays text: nothing in it is ever expanded.

    :raises InvalidInput: a session is missing or is none of this edition
    :raises AlreadySent: it is no draft any more
    """
    if audience == Audience.SESSION and (session is None or session.event_id != event.pk):
        raise InvalidInput("Choose a session.", fields={"session": ["Choose a session of this edition"]})
    if announcement is None:
        announcement = Announcement(event=event, written_at=now)
    elif announcement.state != State.DRAFT:
        raise AlreadySent("It can be changed as long as it is a draft.")
    announcement.audience, announcement.subject, announcement.body = audience, subject.strip(), body.strip()
    announcement.session = session if audience == Audience.SESSION else None
    announcement.written_by = by
    announcement.save()
    return announcement


def schedule(
    *, announcement: Announcement, send_at: datetime | None, by: User, now: datetime
) -> Announcement:
    """Send it at send_at, or at once (None). Who belongs to the audience is found then, not now.

    :raises InvalidInput: the time is past, or farther than a year
    :raises AlreadySent: it was sent or taken back
    """
    if send_at is not None and not now <= send_at <= now + FARTHEST:
        words = "Choose a time between now and a year from now"
        raise InvalidInput(words, fields={"send_at": [words]})
    with transaction.atomic():
        announcement = _locked(announcement)
        if announcement.state not in {State.DRAFT, State.SCHEDULED}:
            raise AlreadySent
        announcement.state, announcement.send_at = State.SCHEDULED, send_at or now
        announcement.save(update_fields=["state", "send_at"])
        _note(announcement, f"set a message to be sent to: {_whom(announcement)}", by, now)
    return announcement


def withdraw(*, announcement: Announcement, by: User, now: datetime) -> Announcement:
    """Take it back before it goes.

    :raises AlreadySent: it was handed to the mail
    """
    with transaction.atomic():
        announcement = _locked(announcement)
        if announcement.state == State.SENT:
            raise AlreadySent
        announcement.state = State.WITHDRAWN
        announcement.save(update_fields=["state"])
        _note(announcement, "took a message back", by, now)
    return announcement


def send_announcements(*, now: datetime) -> int:
    """Hand to the mail what is due; return how many announcements. Safe to run twice at a time."""
    sent = 0
    due = Announcement.objects.filter(state=State.SCHEDULED, send_at__lte=now).order_by("send_at")
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            announcement = Announcement.objects.select_for_update().get(pk=pk)
            if (
                announcement.state != State.SCHEDULED
                or announcement.send_at is None
                or announcement.send_at > now
            ):
                continue
            whom = recipients_of(
                event=announcement.event, audience=announcement.audience, session=announcement.session
            )
            queue_messages(drafts=list(_drafts(announcement, whom)), now=now)
            announcement.state, announcement.sent_at, announcement.recipients = State.SENT, now, len(whom)
            announcement.save(update_fields=["state", "sent_at", "recipients"])
            _note(
                announcement,
                f"sent a message to {len(whom)}: {_whom(announcement)}",
                announcement.written_by,
                now,
            )
            sent += 1
    return sent


def news_off_token(registration: Registration) -> str:
    """Opens one thing: the end of news to this registration's address."""
    return _news.sign(registration.reference)


def stop_news(*, token: str, now: datetime) -> bool:
    """Take back the consent to news of everybody with the same address; True where the token is ours.

    Repeating it changes nothing.
    """
    registration = registration_of_token(token=token)
    if registration is None:
        return False
    address = normal_email(registration.lead_email) if registration.lead_email else ""
    same = [registration.pk]
    if address:
        there = Registration.objects.filter(
            lead_email__iendswith=f"@{address.rpartition('@')[2]}", tickets__consents__kind=Consent.Kind.NEWS
        )
        same += [pk for pk, email in there.values_list("pk", "lead_email") if normal_email(email) == address]
    Consent.objects.filter(
        ticket__registration__in=same, kind=Consent.Kind.NEWS, withdrawn_at__isnull=True
    ).update(withdrawn_at=now)
    return True


def registration_of_token(*, token: str) -> Registration | None:
    try:
        return Registration.objects.filter(reference=_news.unsign(token)).first()
    except BadSignature:
        return None


def wants_news(*, registration: Registration) -> bool:
    return Consent.objects.filter(
        ticket__registration=registration, kind=Consent.Kind.NEWS, withdrawn_at__isnull=True
    ).exists()


def _registrations(event: Event, audience: str, session: Session | None) -> Any:
    found = Registration.objects.filter(event=event, lead_email__gt="", erased_at__isnull=True)
    tickets = Ticket.objects.for_event(event).valid()
    came = Admission.objects.standing().filter(door_list__event=event).values("ticket")
    if audience == Audience.NEWS:
        consents = Consent.objects.filter(
            ticket__event=event, kind=Consent.Kind.NEWS, withdrawn_at__isnull=True
        )
        return found.filter(pk__in=consents.values("ticket__registration"))
    if audience == Audience.CAME:
        tickets = tickets.filter(pk__in=came)
    elif audience == Audience.NOT_COME:
        tickets = tickets.exclude(pk__in=came)
    elif audience == Audience.SESSION:
        tickets = tickets.filter(session_places__session=session)
    elif audience == Audience.LEADS:
        found = found.filter(kind=Registration.Kind.GROUP)
    return found.filter(pk__in=tickets.values("registration"), ended_at__isnull=True)


def _guardians(event: Event, audience: str) -> Any:
    found = Guardian.objects.filter(ticket__event=event, email__gt="")
    if audience == Audience.GUARDIANS:
        return found.filter(answer=Guardian.Answer.ASKED, ticket__state=Ticket.State.ON_HOLD)
    return found.filter(ticket__in=Ticket.objects.taking_a_place()).exclude(answer=Guardian.Answer.REFUSED)


def _one_an_address(rows: Iterable[tuple[int, str]]) -> list[int]:
    first: dict[str, int] = {}
    for pk, email in rows:
        first.setdefault(normal_email(email), pk)
    return list(first.values())


def _drafts(announcement: Announcement, whom: Recipients) -> Iterable[Draft]:
    for name, ids in (
        ("registration", whom.registrations),
        ("guardian", whom.guardians),
        ("entry", whom.entries),
    ):
        for pk in ids:
            yield Draft(
                purpose=PURPOSE,
                key=f"{announcement.uid.hex}:{name}:{pk}",
                context={"announcement": announcement.pk, name: pk},
            )


def _locked(announcement: Announcement) -> Announcement:
    return Announcement.objects.select_for_update().get(pk=announcement.pk)


def _whom(announcement: Announcement) -> str:
    return announcement.get_audience_display().lower()


def _note(announcement: Announcement, did: str, by: User | None, now: datetime) -> None:
    change_log.note(about=announcement, event_id=announcement.event_id, did=did, by=by, now=now)
