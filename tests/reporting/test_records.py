"""Can an organiser record and decide what figures rest on, and nobody else?"""

from datetime import timedelta

import page as page_check
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Exhibitor
from outbox.domain.mail_delivery import send_due
from outbox.models import Message
from reporting.domain import report_jobs
from reporting.domain.corrections import correct_attendance, record_heads
from reporting.domain.near_matches import find_near_matches
from reporting.domain.reach import measure_reach
from reporting.domain.schedules import following, publish_scheduled, schedule_reports
from reporting.models import (
    AttendanceCorrection,
    HandCount,
    Invitation,
    NearMatchDecision,
    ReportJob,
    SchoolType,
    Target,
)
from reporting.tasks import make_reports
from tests import factories
from tests.reporting.programme import attend, make_registration, make_target, make_ticket
from tickets.domain.meetings import keep_meeting, points_of
from tickets.models import MeetingPoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.make_event("past", title="Showcase One", starts_at=timezone.now() - timedelta(days=2))


@pytest.fixture
def target(event):
    return make_target()


PAGES = [
    "/desk/reach/records/near-matches/",
    "/desk/reach/records/hand-counts/",
    "/desk/reach/records/invitations/",
    "/desk/reach/schools/past/",
    "/desk/meeting-points/past/",
    "/desk/reach/records/new-target/",
    "/desk/reach/showcase-reach/edit/",
]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_the_organisers(client, target, organiser, board_member, page):
    signed_out = client.get(page).status_code
    client.force_login(board_member)
    board = client.get(page).status_code
    client.force_login(organiser)

    assert (signed_out, board, client.get(page).status_code) == (302, 403, 200)
    assert client.delete(page).status_code == 405


def test_a_pair_is_settled_and_opened_again(client, event, target, organiser):
    second = factories.make_event("second", starts_at=timezone.now() - timedelta(days=1))
    attend(make_ticket(event, "Samuel Example", contact="home@example.org"))
    attend(make_ticket(second, "Sam Example", contact="home@example.org"))
    find_near_matches(now=timezone.now())
    client.force_login(organiser)
    page = "/desk/reach/records/near-matches/"

    shown = client.get(page).content.decode()
    pair = str(cast_pair())
    client.post(page, {"pair": pair, "decision": "same"})
    settled = client.get(page + "?state=settled").content.decode()
    client.post(page, {"pair": pair, "decision": "undecided"})
    for bad in ("0", "x", str(10**30), "999"):
        assert client.post(page, {"pair": bad, "decision": "same"}).status_code == 302

    assert "Samuel Example" in shown
    assert "The same person: Olive Organiser" in settled
    assert [one.decision for one in NearMatchDecision.objects.all()] == ["same", "undecided"]


def cast_pair() -> int:
    from reporting.models import NearMatch

    return NearMatch.objects.get().pk


def test_heads_are_superseded_and_never_edited(client, event, target, organiser):
    client.force_login(organiser)
    page = "/desk/reach/records/hand-counts/"
    form = {
        "form": "heads",
        "event": event.pk,
        "heads": 30,
        "age_band": "",
        "reason": "The gate was open, counted by eye",
    }

    client.post(page, form)
    first = HandCount.objects.get()
    at_first = timezone.now()
    client.post(page, form | {"heads": 28, "supersedes": first.pk})
    third = client.post(page, form | {"heads": 3, "supersedes": first.pk})

    assert [one.heads for one in HandCount.objects.order_by("pk")] == [30, 28]
    assert third.status_code == 422
    assert measure_reach(target=target, as_at=timezone.now()).heads == 28
    assert measure_reach(target=target, as_at=at_first).heads == 30
    for bad in (
        {"heads": 0},
        {"heads": "many"},
        {"reason": "x"},
        {"event": "9" * 30},
        {"reason": "a\x00b" * 9},
    ):
        assert client.post(page, form | bad).status_code == 422


def test_who_took_part_online_stands_apart(client, event, target, organiser):
    client.force_login(organiser)
    form = {
        "form": "heads",
        "event": event.pk,
        "heads": 240,
        "reason": "Viewers of the stream, by the platform",
    }

    client.post("/desk/reach/records/hand-counts/", form | {"is_online": "on"})
    report = measure_reach(target=target, as_at=timezone.now())

    assert (report.took_part_online, report.high) == (240, 0)
    assert (report.value, report.heads) == (0, 0)
    assert "Took part online, shown apart" in client.get(f"/desk/reach/{target.slug}/").content.decode()


def test_attendance_by_hand_has_three_values(client, event, target, organiser):
    ticket = make_ticket(event, "Paper Example")
    attend(make_ticket(event, "Scanned Example"))
    client.force_login(organiser)
    form = {
        "form": "attendance",
        "event": event.pk,
        "serial": ticket.serial,
        "reason": "On the paper register",
    }
    figures = []

    for attendance in ("came", "not-recorded", "did-not-come"):
        client.post("/desk/reach/records/hand-counts/", form | {"attendance": attendance})
        funnel = measure_reach(target=target, as_at=timezone.now()).funnel
        figures.append((funnel["came"], funnel["did_not_come"], funnel["not_recorded"]))
    wrong = client.post("/desk/reach/records/hand-counts/", form | {"attendance": "came", "serial": 999})

    assert figures == [(2, 0, 0), (1, 0, 1), (1, 1, 0)]
    assert wrong.status_code == 422
    assert AttendanceCorrection.objects.filter(superseded_by__isnull=True).count() == 1


def test_a_coming_event_takes_no_counts(event, organiser):
    from foundation.refusals import InvalidInput

    coming = factories.make_event("coming", starts_at=timezone.now() + timedelta(days=9))
    with pytest.raises(InvalidInput):
        record_heads(event=coming, heads=3, reason="counted in advance", by=organiser, now=timezone.now())
    with pytest.raises(InvalidInput):
        correct_attendance(
            ticket=make_ticket(coming, "Ada Example"),
            attendance="came",
            reason="she said so",
            by=organiser,
            now=timezone.now(),
        )


def test_an_influencer_goes_from_long_list_to_published(client, event, organiser):
    target = make_target(
        "influencers-invited", rung=Target.Rung.INVITED, goal=5, goal_high=10, min_age=None, max_age=None
    )
    client.force_login(organiser)
    scope = f"series:{event.series.slug}"

    client.post("/desk/reach/records/invitations/", {"name": "Ines Influence", "scope": scope})
    before = measure_reach(target=target, as_at=timezone.now())
    page = f"/desk/reach/records/invitations/{Invitation.objects.get().pk}/"
    early = client.post(page, {"form": "answer", "answer": "accepted"})
    day = timezone.localdate().isoformat()
    client.post(
        page,
        {
            "form": "invited",
            "invited_on": day,
            "invited_by": "The chair",
            "evidence": "Mail in the board's folder",
        },
    )
    client.post(
        page,
        {"form": "answer", "answer": "accepted", "answered_on": day, "came": "yes", "published": "A film"},
    )
    after = measure_reach(target=target, as_at=timezone.now())
    twice = client.post("/desk/reach/records/invitations/", {"name": "ines influence", "scope": scope})

    assert (before.value, before.invitations["longlisted"]) == (0, 1)
    assert early.status_code == 422
    assert after.invitations == {
        "longlisted": 1,
        "invited": 1,
        "accepted": 1,
        "declined": 0,
        "no_reply": 0,
        "came": 1,
        "published": 1,
    }
    assert after.value == 1
    assert twice.status_code == 422
    assert client.get(f"/desk/reach/records/invitations/{10**30}/").status_code == 404
    assert client.get("/desk/reach/influencers-invited/report.pdf").status_code == 200


def test_a_school_gets_its_evidence(client, event, target, organiser):
    group = make_registration(event, kind="group", organisation="Example High School")
    maker = Exhibitor.objects.create(
        event=event, slug="studio", name="Example Studio One", roles_shown="runner, editor"
    )
    points_of(event=event, now=timezone.now())
    for number in range(3):
        ticket = make_ticket(
            event, f"Pupil {number} Example", contact="t@example.org", registration=group, age=12
        )
        attend(ticket)
    keep_meeting(
        point=MeetingPoint.objects.get(exhibitor=maker),
        ticket=ticket,
        now=event.starts_at + timedelta(minutes=5),
    )
    client.force_login(organiser)

    client.post("/desk/reach/schools/past/", {"reference": group.reference, "kind": "special"})
    wrong = client.post("/desk/reach/schools/past/", {"reference": "NONE", "kind": "special"})
    page = client.get("/desk/reach/schools/past/").content.decode()
    pdf = client.get(f"/desk/reach/schools/past/{group.reference}/evidence.pdf")
    report = measure_reach(target=target, as_at=timezone.now())

    assert "Example High School" in page
    assert (wrong.status_code, pdf.status_code) == (302, 200)
    assert page_check.validate_pdf_bytes(pdf.content, profile="ua1").is_compliant
    assert SchoolType.objects.get().kind == "special"
    assert report.by_school_type == {"special": 3, "individual": 0}
    assert report.ladder["encounter"] == 1
    assert client.get("/desk/reach/schools/past/NONE/evidence.pdf").status_code == 404


def test_a_scheduled_report_is_published_and_mailed_once(
    target, event, organiser, board_member, mailoutbox, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    attend(make_ticket(event, "Ada Example"))
    now = timezone.now()
    schedule_reports(target=target, every="month", next_date=timezone.localdate(), by=organiser, now=now)

    done = publish_scheduled(now=now), publish_scheduled(now=now)
    send_due(now=timezone.now())

    assert done == (1, 0)
    assert target.published_reports.count() == 1
    assert [(one.to, one.subject) for one in mailoutbox] == [
        (["board@example.org"], "Report 1: Young people reached through the CI Skills Showcase")
    ]
    assert mailoutbox[0].attachments[0].filename == "showcase-reach-1.pdf"
    assert Message.objects.filter(purpose="reach-report", state="done").count() == 1


def test_schedule_steps():
    from datetime import date

    assert following(date(2027, 1, 31), "month") == date(2027, 2, 28)
    assert following(date(2026, 11, 30), "quarter") == date(2027, 2, 28)
    assert following(date(2026, 12, 28), "week") == date(2027, 1, 4)
    assert following(date(2026, 10, 5), "quarter") == date(2027, 1, 5)


def test_a_long_report_is_made_in_the_background(client, target, event, organiser, board_member):
    attend(make_ticket(event, "Ada Example"))
    client.force_login(organiser)

    page = client.post(f"/desk/reach/{target.slug}/jobs/", {"face": "json"}).headers["Location"]
    waiting = client.get(page).content.decode()
    early = client.get(page + "file/").status_code
    make_reports(now=timezone.now())
    ready = client.get(page).content.decode()
    made = client.get(page + "file/")
    client.force_login(board_member)

    assert "We are making the report" in waiting
    assert early == 404
    assert "The report is ready" in ready
    assert made.json()["value"] == 1
    assert client.get(page).status_code == 403


def test_a_cancelled_job_leaves_nothing(client, target, organiser, monkeypatch):
    client.force_login(organiser)
    page = client.post(f"/desk/reach/{target.slug}/jobs/", {"face": "pdf"}).headers["Location"]
    job = ReportJob.objects.get()

    def cancelled_meanwhile(name, values):
        report_jobs.cancel(job=job, now=timezone.now())
        from reporting.faces import Face

        return Face(b"half a file", "application/pdf")

    monkeypatch.setattr("reporting.tasks.face_of", cancelled_meanwhile)
    make_reports(now=timezone.now())

    job.refresh_from_db()
    assert (job.state, bytes(job.content)) == ("dropped", b"")
    assert client.post(page + "cancel/").status_code == 302
    assert client.get(page + "file/").status_code == 404


def test_a_job_that_a_crash_left_is_taken_again_and_fails_in_the_end(target, organiser, monkeypatch):
    now = timezone.now()
    job = report_jobs.ask_for_report(
        target=target, face="pdf", as_at=now, public=False, by=organiser, now=now
    )

    def broken(name, values):
        raise RuntimeError("no")

    monkeypatch.setattr("reporting.tasks.face_of", broken)
    ReportJob.objects.take(now=now)  # by a worker that dies
    assert ReportJob.objects.take(now=now) is None
    for hours in (1, 2, 3):
        make_reports(now=now + timedelta(hours=hours))

    job.refresh_from_db()
    assert (job.state, job.tries, bytes(job.content)) == ("failed", 3, b"")


def test_a_promise_is_noted_agreed_and_refused_in_words(client, event, organiser):
    client.force_login(organiser)
    form = {
        "title": "Young people reached",
        "rung": "reached",
        "scope": f"series:{event.series.slug}",
        "goal": 500,
        "min_age": 11,
        "max_age": 25,
        "residence": "everyone",
        "starts_on": "2026-01-01",
        "due_date": "2027-12-31",
        "agreed_by": "The Creative Industries Board",
        "agreed_on": "2026-11-01",
    }

    client.post("/desk/reach/records/new-target/", form)
    made = Target.objects.get(slug="young-people-reached")
    client.post(f"/desk/reach/{made.slug}/edit/", form | {"goal": 600})
    bad = [
        {"max_age": 5},
        {"min_age": 17},
        {"max_age": 20},
        {"goal_high": 2},
        {"goal": 0},
        {"scope": "series:none"},
        {"due_date": "2025-01-01"},
        {"agreed_by": ""},
        {"goal": 10**30},
        {"title": "a\x00b"},
    ]

    for change in bad:
        assert client.post("/desk/reach/records/new-target/", form | change).status_code == 422, change
    between = client.post("/desk/reach/records/new-target/", form | {"min_age": 12, "max_age": 20})
    assert "enter 11 or 14, or leave it empty" in between.content.decode()
    assert "enter 18 or 24, or leave it empty" in between.content.decode()
    made.refresh_from_db()
    assert (made.goal, made.agreed_by) == (600, "The Creative Industries Board")
    assert Target.objects.count() == 1
    assert (
        "agreed by The Creative Industries Board" in client.get(f"/desk/reach/{made.slug}/").content.decode()
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_row_and_three(client, event, organiser, rows):
    target = make_target()
    second = factories.make_event("second", starts_at=timezone.now() - timedelta(days=1))
    for number in range(rows):
        contact = f"home{number}@example.org"
        attend(make_ticket(event, f"Samuel Example{'abc'[number]}", contact=contact))
        attend(make_ticket(second, f"Sam Example{'abc'[number]}", contact=contact))
        make_registration(event, kind="group", organisation=f"School {number}")
        Invitation.objects.create(
            name=f"Ines {number}",
            series=event.series,
            longlisted_at=timezone.now(),
            recorded_at=timezone.now(),
        )
        record_heads(event=event, heads=3, reason="counted at the gate", by=organiser, now=timezone.now())
    find_near_matches(now=timezone.now())
    client.force_login(organiser)
    client.get("/desk/reach/records/near-matches/")

    cost = {}
    for name in ("records/near-matches", "records/invitations", "records/hand-counts", "schools/past"):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/desk/reach/{name}/")
        cost[name] = len(captured)

    assert cost == {
        "records/near-matches": 6,
        "records/invitations": 6,
        "records/hand-counts": 7,
        "schools/past": 6,
    }
    assert target.slug in client.get("/desk/reach/").content.decode()
