"""How does a person leave? Names and contacts go; what was counted stays as it was.

By the schedule of retention.py, or when somebody asks. A ticket keeps its age band, its borough, its
scans and the person's keyed digest, so that every figure is the same before and after.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from desk.domain import erasure_ledger
from desk.models import ErasureReceipt, Export
from door.models import CheckIn, Conflict, ContactOpened, Device, StaffMember
from events.models import Event
from outbox.models import Delivery, Message
from tickets.domain.changes import cancel_registration
from tickets.domain.owner_links import waiting_entries_of
from tickets.domain.retention import DataClass, leaves_before
from tickets.domain.waiting_list import leave
from tickets.models import (
    AccessNeed,
    EmergencyContact,
    Guardian,
    Registration,
    Ticket,
    TicketSheet,
    WaitingListEntry,
)

# Stands where staff typed a reason: that there was one is counted, what it said leaves.
ERASED = "(erased)"
WHOLE = "registration"
Reason = ErasureReceipt.Reason


def erase_registration(
    *, registration: Registration, reason: str, now: datetime, by: User | None = None
) -> ErasureReceipt | None:
    """Erase one registration with its tickets now; None where it was erased before.

    Before the event it is cancelled too, and its places are free. During and after it the tickets stand
    without their names, and the figures stay.

    :raises OSError: the ledger cannot be written; nothing was erased
    """
    with transaction.atomic():
        registration.refresh_from_db()
        if registration.erased_at is not None:
            return None
        waiting = list(waiting_entries_of(registration=registration).select_related("event"))
        if registration.ended_at is None and now < registration.event.doors_open_at:
            cancel_registration(registration=registration, now=now)
        mine = Registration.objects.filter(pk=registration.pk)
        rows = _forget_contacts(mine, now=now) + _forget_names(mine, now=now)
        for entry in waiting:
            rows += _forget_entry(entry, reason=reason, now=now)
        if reason != Reason.RESTORE:
            erasure_ledger.record(references=[registration.reference], now=now)
        receipt = ErasureReceipt.objects.create(
            event=registration.event, data_class=WHOLE, reason=reason, rows=rows, erased_at=now, erased_by=by
        )
        registration.refresh_from_db()
    return receipt


def erase_waiting(*, entry: WaitingListEntry, reason: str, now: datetime) -> ErasureReceipt | None:
    """Erase somebody who only waits; None where it was erased before. What they were offered is free again.

    :raises OSError: the ledger cannot be written; nothing was erased
    """
    with transaction.atomic():
        rows = _forget_entry(entry, reason=reason, now=now)
        if not rows:
            return None
        return ErasureReceipt.objects.create(
            event=entry.event, data_class=DataClass.WAITING, reason=reason, rows=rows, erased_at=now
        )


def erase_due(*, now: datetime) -> int:
    """Erase everything whose day has come, in every event; return how many rows left.

    Safe to repeat, and catches up after any time in which nobody ran it.
    """
    contacts = leaves_before(data_class=DataClass.CONTACTS, now=now)
    names = leaves_before(data_class=DataClass.NAMES, now=now)
    waiting = leaves_before(data_class=DataClass.WAITING, now=now)
    rows = _erase_lapsed(now=now)
    for event in Event.objects.filter(ends_at__lte=max(contacts, names, waiting)).order_by("ends_at"):
        of_event = Registration.objects.filter(event=event)
        if event.ends_at <= contacts:
            rows += _with_receipt(event, DataClass.CONTACTS, _forget_contacts, of_event, now=now)
        if event.ends_at <= waiting:
            rows += _with_receipt(event, DataClass.WAITING, _forget_waiting, Q(event=event), now=now)
        if event.ends_at <= names:
            rows += _with_receipt(event, DataClass.NAMES, _forget_names, of_event, now=now)
            rows += _with_receipt(event, DataClass.NAMES, _forget_door_words, event, now=now)
            rows += _with_receipt(event, DataClass.NAMES, _forget_staff, event, now=now)
    return rows + _forget_logs(now=now)


def erase_again(*, now: datetime) -> int:
    """After a restore: erase whom the ledger names, and what was due since; return how many
    registrations and waiting-list entries."""
    erased = erasure_ledger.erased_ids()
    again = 0
    if erased:
        for registration in Registration.objects.filter(erased_at__isnull=True).select_related("event"):
            if erasure_ledger.keyed_id(registration.reference) in erased:
                erase_registration(registration=registration, reason=Reason.RESTORE, now=now)
                again += 1
        for entry in WaitingListEntry.objects.exclude(email="").select_related("event"):
            if erasure_ledger.keyed_id(_ledger_name(entry)) in erased:
                erase_waiting(entry=entry, reason=Reason.RESTORE, now=now)
                again += 1
    erase_due(now=now)
    return again


def scrub(*, now: datetime) -> int:
    """Clean the database's own files of bytes that were erased; return how many receipts that settled.

    SQLite overwrites what it deletes (secure_delete); VACUUM drops what rearranged pages left behind, and
    the checkpoint empties the write-ahead log. PostgreSQL keeps dead rows until VACUUM.
    """
    waiting = list(ErasureReceipt.objects.filter(scrubbed_at__isnull=True).values_list("pk", flat=True))
    if not waiting or connection.in_atomic_block:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ErasureReceipt.objects.filter(pk__in=waiting).update(scrubbed_at=now)


def _with_receipt(
    event: Event, data_class: str, forget: Callable[..., int], of: Any, *, now: datetime
) -> int:
    with transaction.atomic():
        rows = forget(of, now=now)
        if rows:
            ErasureReceipt.objects.create(
                event=event, data_class=data_class, reason=Reason.SCHEDULE, rows=rows, erased_at=now
            )
    return rows


def _erase_lapsed(*, now: datetime) -> int:
    """What nobody confirmed leaves at once, whole."""
    lapsed = Registration.objects.filter(state=Registration.State.LAPSED, erased_at__isnull=True)
    rows = 0
    for registration in lapsed.select_related("event")[:500]:
        receipt = erase_registration(registration=registration, reason=Reason.LAPSED, now=now)
        rows += receipt.rows if receipt else 0
    return rows


def _forget_contacts(registrations: Any, *, now: datetime) -> int:
    of_these = Q(ticket__registration__in=registrations.values("pk"))
    rows = (
        AccessNeed.objects.filter(of_these).delete()[0]
        + EmergencyContact.objects.filter(of_these).delete()[0]
    )
    named = ~Q(name="") | ~Q(email="") | ~Q(phone="")
    return rows + Guardian.objects.filter(of_these).filter(named).update(name="", email="", phone="")


def _forget_names(registrations: Any, *, now: datetime) -> int:
    left = registrations.filter(erased_at__isnull=True)
    tickets = Ticket.objects.filter(registration__in=left.values("pk"))
    of_these = Q(ticket__in=tickets.values("pk"))
    CheckIn.objects.filter(of_these & ~Q(override_reason="")).update(override_reason=ERASED)
    CheckIn.objects.filter(of_these & ~Q(undo_reason="")).update(undo_reason=ERASED)
    ContactOpened.objects.filter(of_these).update(reason=ERASED)
    Conflict.objects.filter(Q(check_in__ticket__in=tickets.values("pk")) & ~Q(settlement="")).update(
        settlement=ERASED
    )
    TicketSheet.objects.filter(registration__in=left.values("pk")).delete()
    # A file that was made before names them still.
    Export.objects.filter(event__in=left.values("event")).delete()
    rows = tickets.update(name="", age=None, may_leave_alone=False, changed_at=now)
    return rows + left.update(
        lead_name="",
        lead_email="",
        lead_phone="",
        organisation="",
        organisation_key="",
        request_digest="",
        erased_at=now,
    )


def _forget_door_words(event: Event, *, now: datetime) -> int:
    """The first names by which stewards called their phones."""
    return Device.objects.filter(event=event).exclude(name="").update(name="")


def _forget_staff(event: Event, *, now: datetime) -> int:
    return StaffMember.objects.filter(event=event).delete()[0]


def _forget_waiting(which: Q, *, now: datetime | None = None) -> int:
    entries = WaitingListEntry.objects.filter(which).exclude(email="", organisation="")
    return entries.update(email="", organisation="")


def _forget_entry(entry: WaitingListEntry, *, reason: str, now: datetime) -> int:
    leave(entry=entry, now=now)
    rows = _forget_waiting(Q(pk=entry.pk))
    if rows and reason != Reason.RESTORE:
        erasure_ledger.record(references=[_ledger_name(entry)], now=now)
    return rows


def _ledger_name(entry: WaitingListEntry) -> str:
    return f"waiting:{bytes(entry.fingerprint).hex()}"


def _forget_logs(*, now: datetime) -> int:
    """Logs of mail and of changes go by their own age."""
    mails = Message.objects.filter(created_at__lte=leaves_before(data_class=DataClass.MAIL_LOG, now=now))
    changes = LogEntry.objects.filter(timestamp__lte=leaves_before(data_class=DataClass.CHANGE_LOG, now=now))
    told = Delivery.objects.filter(happened_at__lte=leaves_before(data_class=DataClass.MAIL_LOG, now=now))
    rows = mails.delete()[0] + changes.delete()[0] + told.delete()[0]
    if rows:
        ErasureReceipt.objects.create(
            data_class=DataClass.CHANGE_LOG, reason=Reason.SCHEDULE, rows=rows, erased_at=now
        )
    return rows
