"""Which rules were broken by hand, and which tests have to notice?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """rule: what no longer holds. text stands exactly once in file; instead takes its place."""

    rule: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]


BREAKS = [
    Break(
        "a smaller party overtakes a larger one",
        "tickets/domain/waiting_list.py",
        "            break  # a party is never overtaken",
        "            continue  # a party is never overtaken",
        ("tests/tickets/test_waiting_list.py",),
    ),
    Break(
        "one more place than the capacity",
        "tickets/domain/places.py",
        'places_taken__lte=F("capacity") - places)\n    claimed',
        'places_taken__lte=F("capacity") - places + 1)\n    claimed',
        ("tests/tickets/test_registration.py",),
    ),
    Break(
        "a session's place goes to the form while somebody waits for it",
        "tickets/domain/places.py",
        "            .filter(~Exists(waiting))\n",
        "",
        ("tests/tickets/test_waiting_list.py",),
    ),
    Break(
        "under 16 the guardian alone agrees to photos",
        "tickets/domain/consents.py",
        "Giver.GUARDIAN in givers and len(givers) > 1",
        "Giver.GUARDIAN in givers",
        ("tests/tickets/test_consents.py",),
    ),
    Break(
        "a child below 13 gets news",
        "tickets/domain/consents.py",
        "if said.news and (ticket.age or 0) >= BOOKS_BELOW:",
        "if said.news:",
        ("tests/tickets/test_choices.py", "tests/tickets/test_consents.py"),
    ),
    Break(
        "a cancelled ticket is asked for before a replaced one",
        "door/domain/verdicts.py",
        "    if facts.code_is_replaced:",
        "    if facts.code_is_replaced and facts.state != Ticket.State.CANCELLED:",
        ("tests/door/test_verdicts.py",),
    ),
    Break(
        "a supervisor's PIN covers scans made before it was entered",
        "door/domain/admission.py",
        "until - SUPERVISOR_FOR <= happened < until",
        "happened < until",
        ("tests/door/test_overrides.py",),
    ),
    Break(
        "a phone that scans a ticket twice makes it two people",
        "door/domain/standing.py",
        'return move.did == "in" or move.device_id != current.device_id',
        "return True",
        ("tests/door/test_standing.py",),
    ),
    Break(
        "a PIN is locked after 16 wrong ones",
        "door/domain/pins.py",
        "wrong_tries__gte=TRIES",
        "wrong_tries__gte=2 * TRIES",
        ("tests/door/test_pins.py",),
    ),
    Break(
        "addresses that are not proved hold one place more than their share",
        "tickets/domain/email_verification.py",
        "if held >= max(MOST_HELD_FROM",
        "if held > max(MOST_HELD_FROM",
        ("tests/tickets/test_email_verification.py",),
    ),
    Break(
        "no more news leaves the same address in another spelling",
        "desk/domain/announcements.py",
        "if normal_email(email) == address]",
        "if email == address]",
        ("tests/desk/test_announcements.py",),
    ),
    Break(
        "a file that was made before an erasure stays",
        "desk/domain/erasure.py",
        '    Export.objects.filter(event__in=left.values("event")).delete()\n',
        "",
        ("tests/desk/test_erasure.py",),
    ),
    Break(
        "a hold whose time is up clashes",
        "events/domain/availability.py",
        "        .exclude(state=Booking.State.HELD, hold_until__lte=now)\n",
        "",
        ("tests/events/test_bookings.py",),
    ),
    Break(
        "a night's opening hours end at midnight",
        "events/domain/availability.py",
        "wall_time(starts_at).date() - timedelta(days=1), starts_at",
        "wall_time(starts_at).date(), starts_at",
        ("tests/events/test_availability.py",),
    ),
    Break(
        "the venue's notice is not asked",
        "events/domain/availability.py",
        "if wish.starts_at < now + timedelta(hours=notice):",
        "if wish.starts_at < now:",
        ("tests/events/test_bookings_api.py",),
    ),
    Break(
        "more people are confirmed than the venue said",
        "events/domain/bookings.py",
        "    if booking.people > most:",
        "    if False:",
        ("tests/events/test_bookings.py",),
    ),
    Break(
        "adults of a group count as young people when they are counted one by one",
        "reporting/domain/figures/attended_rows.py",
        "if self.young_only and one.is_adult_of_group:",
        "if False:",
        ("tests/reporting/test_counting.py",),
    ),
    Break(
        "two who were admitted at one edition are proposed as one person",
        "reporting/domain/near_matches.py",
        "bool(one.registrations & other.registrations or one.editions & other.editions)",
        "bool(one.registrations & other.registrations)",
        ("tests/reporting/test_near_matches.py",),
    ),
    Break(
        "the forecast counts people who come again as new",
        "reporting/domain/figures/forecast.py",
        "    new = 1 - returning\n",
        "    new = 1\n",
        ("tests/reporting/test_forecast.py",),
    ),
    Break(
        "the lease of a mail worker that died is never returned",
        "outbox/models/leased_work.py",
        "OPEN = (State.QUEUED, State.RUNNING)",
        "OPEN = (State.QUEUED,)",
        ("tests/outbox/test_work.py", "tests/outbox/test_mail_delivery.py"),
    ),
    Break(
        "a webhook that said that it is gone is called again",
        "outbox/domain/webhook_delivery.py",
        "    if status == GONE:",
        "    if False:",
        ("tests/outbox/test_webhook_delivery.py",),
    ),
    Break(
        "a walk-in of 17 whose adult is here needs no number",
        "door/domain/walk_ins.py",
        "if asked.emergency_contact or not person.adult_is_here or",
        "if not person.adult_is_here or",
        ("tests/door/test_walk_ins.py",),
    ),
    Break(
        "one school's limit forgets the adults",
        "tickets/domain/party_claims.py",
        '.get("heads", {}).values()) + registration.adults',
        '.get("heads", {}).values())',
        ("tests/tickets/test_party_claims.py",),
    ),
]
