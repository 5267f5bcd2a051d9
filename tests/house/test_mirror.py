"""Has each rule module a test of its name? tests/tickets/test_places.py for tickets/domain/places.py."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Tested through the pages and through other rules. May only shrink.
TESTED_UNDER_OTHER_NAMES = {
    "accounts/sign_in_links",
    "accounts/tokens",
    "desk/capacity_release",
    "desk/data_handover",
    "desk/erasure_ledger",
    "desk/event_progress",
    "desk/failed_mail",
    "desk/registration_admin",
    "desk/registration_lists",
    "desk/webhook_events",
    "door/decisions",
    "door/devices",
    "door/occupancy",
    "door/readiness",
    "door/scans",
    "door/ticket_lookup",
    "events/audit_log",
    "events/calendar",
    "events/capacity",
    "events/catalogue",
    "events/closures",
    "events/feeds",
    "events/planning",
    "events/programme",
    "events/repeats",
    "events/slots",
    "events/space_use",
    "events/venues",
    "outbox/composers",
    "outbox/mail_queue",
    "outbox/webhook_addresses",
    "outbox/webhooks",
    "people/birth_times",
    "people/keys",
    "people/matching",
    "people/merges",
    "people/near_names",
    "people/nicknames",
    "reporting/attendance",
    "reporting/cached_figures",
    "reporting/corrections",
    "reporting/encounters",
    "reporting/evidence",
    "reporting/formatting",
    "reporting/goal",
    "reporting/in_kind",
    "reporting/invitations",
    "reporting/labels",
    "reporting/notes",
    "reporting/pair_review",
    "reporting/reach",
    "reporting/remaining_gap",
    "reporting/report_jobs",
    "reporting/report_tables",
    "reporting/schedules",
    "reporting/school_evidence",
    "reporting/school_figures",
    "reporting/tallies",
    "reporting/targets",
    "reporting/ticket_erasure",
    "reporting/webhook_events",
    "tickets/acceptance",
    "tickets/attendees",
    "tickets/consent_texts",
    "tickets/equality",
    "tickets/groups",
    "tickets/issuance",
    "tickets/owner_links",
    "tickets/reminders",
    "tickets/retention",
    "tickets/session_choices",
    "tickets/ticket_sheets",
}


def test_each_rule_module_has_a_test_of_its_name():
    modules = {
        f"{file.relative_to(ROOT).parts[0]}/{file.stem}"
        for file in ROOT.glob("*/domain/**/*.py")
        if file.stem != "__init__"
    }
    named = {
        f"{file.parent.name}/{file.stem.removeprefix('test_')}" for file in ROOT.glob("tests/*/test_*.py")
    }

    assert modules - named == TESTED_UNDER_OTHER_NAMES
