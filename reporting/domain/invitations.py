"""Whom did we invite, when, by whom, and what came of it? From the long list to what they published."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from events.models import Event, Series
from foundation.refusals import InvalidInput
from reporting.models import Invitation


def longlist(
    *,
    name: str,
    now: datetime,
    series: Series | None = None,
    event: Event | None = None,
    field: str = "",
    why_key: str = "",
    country: str = "",
) -> Invitation:
    """Note an influencer on the long list of a series or an edition.

    :raises InvalidInput: the name is missing, or is on the list
    """
    if not name.strip():
        raise InvalidInput(fields={"name": ["Enter a name"]})
    if Invitation.objects.filter(name__iexact=name.strip(), series=series, event=event).exists():
        raise InvalidInput(fields={"name": ["This name is on the list already"]})
    return Invitation.objects.create(
        name=name.strip(),
        series=series,
        event=event,
        field=field.strip(),
        why_key=why_key.strip(),
        country=country.strip(),
        longlisted_at=now,
        recorded_at=now,
    )


def record_invited(
    *, invitation: Invitation, invited_on: date, invited_by: str, evidence: str, now: datetime
) -> Invitation:
    """Note the dated invitation, who sent it, and where the evidence is kept. The first record's moment
    stands.

    :raises InvalidInput: something is missing, or the date lies in the future
    """
    faults = {}
    if invited_on > now.date():
        faults["invited_on"] = ["Enter a date that has been"]
    if not invited_by.strip():
        faults["invited_by"] = ["Enter who sent it"]
    if not evidence.strip():
        faults["evidence"] = ["Enter where the dated invitation is kept"]
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)
    with transaction.atomic():
        row = Invitation.objects.select_for_update().get(pk=invitation.pk)
        row.invited_on, row.invited_by, row.evidence = invited_on, invited_by.strip(), evidence.strip()
        row.invited_recorded_at = row.invited_recorded_at or now
        row.save(update_fields=["invited_on", "invited_by", "evidence", "invited_recorded_at"])
    return row


def record_answer(
    *,
    invitation: Invitation,
    answer: str,
    answered_on: date | None,
    came: bool | None,
    published: str,
    now: datetime,
) -> Invitation:
    """Note the answer, whether they came (None: not recorded), and what they published.

    :raises InvalidInput: nobody has invited them yet, or the date lies in the future
    """
    with transaction.atomic():
        row = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if row.invited_on is None:
            raise InvalidInput("Note the invitation first: an answer needs one.")
        if answered_on is not None and answered_on > now.date():
            raise InvalidInput(fields={"answered_on": ["Enter a date that has been"]})
        row.answer, row.answered_on, row.came, row.published = answer, answered_on, came, published.strip()
        row.save(update_fields=["answer", "answered_on", "came", "published"])
    return row


def record_invitation(*, name: str, series: Series, now: datetime, **fields: Any) -> Invitation:
    """Note an influencer on the long list, or their invitation with its evidence. The name is the key."""
    if fields.get("invited_on"):
        fields.setdefault("invited_recorded_at", now)
    invitation, _ = Invitation.objects.get_or_create(
        name=name, series=series, defaults={"longlisted_at": now, "recorded_at": now, **fields}
    )
    return invitation
