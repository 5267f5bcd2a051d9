"""Do machines that try thousands of times get in, take all, or learn anything?

(SE-01, 04, 08, 15, 26, 29, 32, 34)
"""

import random
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain.rates import reset
from config.backups import take_backup
from door.domain.admission import admit_all
from door.domain.live_figures import live_door
from door.models import Admission, CheckIn
from outbox.domain.mail_delivery import send_due
from reporting.domain import report_jobs
from reporting.domain.report_jobs import MOST_OPEN, MOST_OPEN_EACH, TooManyReports
from reporting.models import ReportJob
from tests import factories
from tests.door.factories import code_of, make_phone, make_scan
from tests.reporting.programme import make_target
from tests.tickets.public import answers_for, walk
from tickets.domain import codes
from tickets.domain.attendees import Contact
from tickets.domain.groups import Party, register_group
from tickets.models import Registration, Ticket
from tickets.views import request_guards

pytestmark = pytest.mark.database

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BATCH = 500  # scans, the most that one upload takes


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(db, now, quick_forms):
    """On since ten minutes ago. Nobody waits two seconds over a form; counts start anew."""
    reset()
    yield factories.make_event(
        "open-day", starts_at=now - timedelta(minutes=10), capacity=500, safe_capacity=600
    )
    reset()


@pytest.fixture
def coming(db, now, quick_forms):
    reset()
    yield factories.make_event("soon", starts_at=now + timedelta(days=9), capacity=500, safe_capacity=600)
    reset()


@pytest.mark.thorough
def test_ten_thousand_guessed_codes_admit_nobody_and_somebody_is_sent_to_look(event, now):
    phone = make_phone(event, name="Sam")
    real = {code_of(factories.sign_up(event, f"Person {number}", now=now)) for number in range(5)}
    guess = random.Random(1)
    verdicts = set()

    for _ in range(10_000 // BATCH):
        scans = [make_scan("".join(guess.choices(ALPHABET, k=26)), now) for _ in range(BATCH)]
        assert not real & {scan.code for scan in scans}
        verdicts |= {one.verdict for one in admit_all(scans=scans, device=phone, now=now)}

    assert verdicts == {"unknown"}
    assert CheckIn.objects.count() == 10_000
    assert not Admission.objects.exists()
    assert [one.name for one in live_door(event=event, now=now).suspicious] == ["Sam"]


def test_the_duty_manager_reads_which_phone_shows_unknown_codes(event, now, client):
    phone = make_phone(event, name="Sam")
    client.force_login(factories.make_user("supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    page = f"/desk/door/{event.slug}/"
    admit_all(scans=[make_scan(f"nothing {number}", now) for number in range(19)], device=phone, now=now)
    calm = client.get(page).content

    admit_all(scans=[make_scan("the twentieth", now)], device=phone, now=now)

    assert b"20 unknown codes" not in calm
    assert b"20 unknown codes within a minute" in client.get(page).content


def test_what_a_forger_decided_offline_admits_nobody(event, now):
    """Codes that nobody issued, told as if the phone had let them in;
    and a clock two hours wrong either way."""
    phone = make_phone(event, name="Sam")
    forged = [make_scan(f"{'A' * 25}{letter}", now, decided="admitted") for letter in ALPHABET]
    for hours in (-2, 2):
        forged.append(make_scan("B" * 26, now + timedelta(hours=hours), decided="admitted"))

    answers = admit_all(scans=forged, device=phone, now=now)

    assert {one.verdict for one in answers} == {"unknown"}
    assert not Admission.objects.exists()
    assert all(row.happened_at <= now + timedelta(hours=2) for row in CheckIn.objects.all())


@pytest.mark.thorough
@pytest.mark.parametrize("page", ["/find/", "/account/login/code/"])
def test_two_hundred_tries_tell_nothing_about_an_address(coming, page, now):
    """The same answer for known and unknown, before the limit and after it."""
    factories.make_user("organiser", email="ada@example.org")
    factories.sign_up(coming, email="ada@example.org", now=now)
    send_due(now=now)
    mail.outbox.clear()

    def answers(address):
        reset()
        cache.clear()
        browser = Client()
        found = []
        for _ in range(200):
            answer = browser.post(page, {"email": address})
            found.append((answer.status_code, answer.headers.get("Location", "")))
        return found

    assert answers("ada@example.org") == answers("nobody@example.org")


@pytest.mark.thorough
def test_bots_from_one_address_hold_few_places_and_an_honest_phone_still_registers(
    coming, client, monkeypatch
):
    """Forged headers and fifty addresses with plus-tags; the limits lowered, their order kept."""
    monkeypatch.setattr(request_guards, "PER_ADDRESS", 200)
    monkeypatch.setattr(request_guards, "PROVE_ABOVE", 10)
    monkeypatch.setattr(request_guards, "UNPROVEN_PER_ADDRESS", 5)

    for number in range(40):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        walk(client, coming, "19", **answers_for(19, name=f"Bot {number}", email=f"b+{number}@example.org"))

    assert Ticket.objects.taking_a_place().count() <= 15
    honest = Client(REMOTE_ADDR="192.0.2.7")
    _, done = walk(honest, coming, "19", **answers_for(19, name="Honest Example"))
    assert done.status_code == 302
    assert Registration.objects.filter(event=coming, needs_proof=False).count() <= 11


def test_a_filled_trap_takes_no_place(coming, client):
    walk(client, coming, "19", **answers_for(19, website="https://evil.example"))

    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
        "\t//evil.example",
    ],
)
def test_no_sign_in_or_sign_out_leads_off_the_site(db, client, target):
    user = factories.make_user("organiser")
    for signed_in in (False, True):
        if signed_in:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name in ("account_login", "account_logout", "account_reauthenticate"):
            for send in (client.get, client.post):
                query = {"next": target}
                answer = send(reverse(name), query)
                led = answer.headers.get("Location", "")
                assert not led.startswith(("//", "/\\", "https:", "javascript:", "\t")), (name, led)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("logo.png", b"<html><script>alert(1)</script></html>"),
        ("names.zip", b"PK\x03\x04" + b"\0" * 200),
        ("names.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 200),
    ],
)
def test_an_upload_is_never_kept_or_served(coming, name, content, tmp_path, settings, client, now):
    """No page takes a picture; the only files read are lists of names, as text, in memory."""
    settings.MEDIA_ROOT = tmp_path
    party = Party(organisation="Example Academy", heads={"11-13": 2}, adults=1, borough="sefton")
    lead = Contact(name="Tess Teacher", email="tess@example.org", phone="01632 960 020")
    registration = register_group(
        event=coming, lead=lead, party=party, declares_consent=True, vouched_by="registrar", now=now
    ).registration
    page = f"/my/{codes.owner_secret(registration)}/names/"
    before = list(Ticket.objects.values_list("name", flat=True))

    answer = client.post(page, {"file": SimpleUploadedFile(name, content), "names": ""})

    assert answer.status_code == (302 if content.startswith(b"<") else 422)  # readable text is but text
    shown = client.get(page).content + client.get(page.replace("names/", "")).content
    assert b"<script>alert" not in shown + answer.content
    assert Ticket.objects.count() == len(before)
    assert answer.status_code == 302 or list(Ticket.objects.values_list("name", flat=True)) == before
    assert list(tmp_path.iterdir()) == []
    assert client.get(f"/media/{name}").status_code == 404


def test_no_page_serves_a_backup_or_the_database(event, now):
    """Neither lies in a directory of static files, and no address reaches their directory."""
    directory = settings.BASE_DIR / "var"
    for name in ("backup", "db.sqlite3", "backup.part", "secrets/backup_key"):
        assert finders.find(name) is None
        for address in (
            f"/{name}",
            f"/var/{name}",
            f"/static/{name}",
            f"/static/../var/{name}",
            f"/backups/{name}",
        ):
            assert Client().get(address).status_code == 404
    assert not any(str(directory).startswith(str(place)) for place in [settings.STATIC_ROOT] if place)


def test_a_stolen_backup_names_nobody_and_opens_to_nobody_else(event, now, tmp_path):
    factories.sign_up(event, "Cy Canary", age=14, email="cy.canary@example.org", now=now)
    path = tmp_path / "backup"

    take_backup(path=path, key="the key, kept elsewhere", now=now)

    content = path.read_bytes()
    for word in (b"Canary", b"canary", b"gail", b"01632", b"the key"):
        assert word not in content
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["backup"]


def ask(target, by, now, number):
    as_at = now - timedelta(minutes=number)
    return report_jobs.ask_for_report(target=target, face="pdf", as_at=as_at, public=False, by=by, now=now)


@pytest.mark.thorough
def test_five_hundred_wishes_for_reports_make_three_jobs(event, organiser, now):
    target = make_target()
    client = Client()
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")

    for _ in range(20):
        answer = client.post(f"/desk/reach/{target.slug}/jobs/", {"face": "pdf"})
        assert answer.status_code == 302
    for number in range(480):
        with pytest.raises(TooManyReports):
            ask(target, organiser, now, number + 1)

    assert ReportJob.objects.count() == MOST_OPEN_EACH
    shown = client.get(answer.headers["Location"]).content
    assert b"of your reports are being made" in shown
    report_jobs.cancel(job=ReportJob.objects.first(), now=now)
    assert (
        client.post(f"/desk/reach/{target.slug}/jobs/", {"face": "pdf"}).headers["Location"]
        != answer.headers["Location"]
    )
    assert client.get("/healthz").status_code == 200


def test_all_together_wait_for_so_many_reports(event, now):
    target = make_target()
    for number in range(MOST_OPEN):
        ask(target, factories.make_user("organiser", email=f"o{number // 2}@example.org"), now, number)

    with pytest.raises(TooManyReports):
        ask(target, factories.make_user("organiser", email="last@example.org"), now, 0)
