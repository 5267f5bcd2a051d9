"""What do we hold about the people of a registration? Everything, in plain words."""

from tickets.models import Registration


def my_data(*, registration: Registration) -> dict:
    """All we hold, as plain values: for the page, and as the file to take away."""
    tickets = registration.tickets.select_related(
        "guardian", "emergency_contact", "access_need"
    ).prefetch_related("consents", "session_places__session", "check_ins")
    return {
        "event": registration.event.title,
        "reference": registration.reference,
        "registered_at": registration.created_at.isoformat(),
        "state": registration.get_state_display(),
        "lead": {
            "name": registration.lead_name,
            "email": registration.lead_email,
            "phone": registration.lead_phone,
            "organisation": registration.organisation,
        },
        "tickets": [_ticket(ticket) for ticket in tickets.order_by("serial")],
    }


def _ticket(ticket) -> dict:
    return {
        "number": ticket.serial,
        "name": ticket.name,
        "age_on_the_day": ticket.age,
        "age_band": ticket.age_band,
        "borough": ticket.get_borough_display(),
        "state": ticket.get_state_display(),
        "may_leave_alone": ticket.may_leave_alone,
        "guardian": _contact(getattr(ticket, "guardian", None)),
        "emergency_contact": _contact(getattr(ticket, "emergency_contact", None)),
        "access_needs": ticket.access_need.text if hasattr(ticket, "access_need") else None,
        "sessions": [place.session.title for place in ticket.session_places.all()],
        "choices": [
            {
                "about": one.get_kind_display(),
                "wording": one.wording_version,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at and one.withdrawn_at.isoformat(),
            }
            for one in ticket.consents.all()
        ],
        "scans": [
            {"at": scan.happened_at.isoformat(), "direction": scan.direction, "answer": scan.verdict}
            for scan in ticket.check_ins.all()
        ],
    }


def _contact(contact) -> dict | None:
    if contact is None:
        return None
    return {
        "name": contact.name,
        "email": getattr(contact, "email", ""),
        "phone": contact.phone,
    }
