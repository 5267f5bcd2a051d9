"""Is a message written once, sent once to the right people, word for word, with a way out of news?"""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from desk.domain import announcements
from desk.domain.announcements import AlreadySent
from desk.models import Announcement
from door.domain.admission import admit
from foundation.refusals import InvalidInput
from outbox.domain.mail_delivery import send_due
from outbox.models import Message
from tests import factories
from tests.door.factories import make_phone, make_scan
from tickets.domain import waiting_list
from tickets.models import Consent


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(db, now):
    return factories.make_event(
        starts_at=now + timedelta(hours=1), doors_open_at=now - timedelta(hours=1), capacity=4
    )


@pytest.fixture
def people(event, now):
    """Ada came and wants news; Ben is 14 and not confirmed; Cleo has a session;
    Dan shares Ada's address and wants news."""
    session = factories.make_session(event, capacity=5)
    then = now - timedelta(days=1)
    ada = factories.sign_up(event, "Ada Example", now=then, news=True)
    factories.sign_up(event, "Ben Example", age=14, now=then)
    factories.sign_up(event, "Cleo Example", now=then, sessions=[session.slug])
    factories.sign_up(event, "Dan Example", now=then, email="ada+dan@example.org", news=True)
    waiting_list.join(event=event, email="wim@example.org", party_size=1, now=now)
    admit(scan=make_scan(ada, now), device=make_phone(event), now=now)
    Message.objects.all().delete()
    return event


def write(event, organiser, now, **fields):
    fields = {"audience": "all", "session": None, "subject": "Bring a jumper", "body": "It is cold."} | fields
    return announcements.write(event=event, by=organiser, now=now, **fields)


def send(announcement, organiser, now):
    announcements.schedule(announcement=announcement, send_at=None, by=organiser, now=now)
    announcements.send_announcements(now=now)
    send_due(now=now)
    return sorted(message.to[0] for message in mail.outbox)


@pytest.mark.parametrize(
    ("audience", "addresses"),
    [
        ("all", ["ada+dan@example.org", "ada@example.org", "cleo@example.org"]),
        ("session", ["cleo@example.org"]),
        ("leads", []),
        ("guardians", ["gail@example.org"]),
        ("parents", ["gail@example.org"]),
        ("waiting", ["wim@example.org"]),
        ("came", ["ada@example.org"]),
        ("not-come", ["ada+dan@example.org", "cleo@example.org"]),
        ("news", ["ada@example.org"]),
    ],
)
def test_each_audience_is_who_it_says(people, organiser, now, audience, addresses):
    session = people.sessions.get() if audience == "session" else None
    announcement = write(people, organiser, now, audience=audience, session=session)

    assert send(announcement, organiser, now) == addresses
    announcement.refresh_from_db()
    assert (announcement.state, announcement.recipients) == ("sent", len(addresses))


def test_what_was_typed_is_sent_as_typed(people, organiser, now):
    body = "Hi {{ registration.lead_email }} {% now 'Y' %} %(name)s {name}\n<b>Bold</b>"
    send(write(people, organiser, now, subject="A {{ subject }}", body=body), organiser, now)

    message = mail.outbox[0]
    assert message.subject == "A {{ subject }}"
    assert body in message.body
    html = message.alternatives[0][0]
    assert "&lt;b&gt;Bold" in html
    assert "<b>Bold" not in html


def test_it_is_sent_once_and_only_when_its_time_has_come(people, organiser, now):
    announcement = write(people, organiser, now)
    announcements.schedule(announcement=announcement, send_at=now + timedelta(hours=2), by=organiser, now=now)

    early = announcements.send_announcements(now=now + timedelta(hours=1))
    due = announcements.send_announcements(now=now + timedelta(hours=2))
    again = announcements.send_announcements(now=now + timedelta(hours=3))

    assert (early, due, again) == (0, 1, 0)
    assert Message.objects.filter(purpose="announcement").count() == 3


def test_what_is_taken_back_is_not_sent_and_what_was_sent_is_not_taken_back(people, organiser, now):
    back, gone = write(people, organiser, now), write(people, organiser, now)
    for one in (back, gone):
        announcements.schedule(announcement=one, send_at=None, by=organiser, now=now)
    announcements.withdraw(announcement=back, by=organiser, now=now)
    announcements.send_announcements(now=now)

    with pytest.raises(AlreadySent):
        announcements.withdraw(announcement=gone, by=organiser, now=now)
    with pytest.raises(AlreadySent):
        announcements.schedule(announcement=gone, send_at=None, by=organiser, now=now)
    gone.refresh_from_db()
    with pytest.raises(AlreadySent):
        write(people, organiser, now, announcement=gone)
    assert Message.objects.filter(purpose="announcement").count() == 3


def test_times_and_sessions_that_cannot_be_are_refused(people, organiser, now):
    other = factories.make_session(factories.make_event("other"))
    announcement = write(people, organiser, now)

    for send_at in (now - timedelta(minutes=1), now + timedelta(days=400)):
        with pytest.raises(InvalidInput):
            announcements.schedule(announcement=announcement, send_at=send_at, by=organiser, now=now)
    for session in (None, other):
        with pytest.raises(InvalidInput):
            write(people, organiser, now, audience="session", session=session)


def test_news_carries_a_way_out_that_works_with_one_click(client, people, organiser, now):
    send(write(people, organiser, now, audience="news"), organiser, now)
    headers = mail.outbox[0].extra_headers
    path = headers["List-Unsubscribe"].strip("<>").partition("/news-off/")[2]

    shown = client.get(f"/news-off/{path}")
    kept = Consent.objects.filter(kind="news", withdrawn_at__isnull=True).count()
    client.handler.enforce_csrf_checks = True
    done = client.post(f"/news-off/{path}", {"List-Unsubscribe": "One-Click"})

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (shown.status_code, kept, done.status_code) == (200, 2, 200)
    assert not Consent.objects.filter(kind="news", withdrawn_at__isnull=True).exists()
    assert client.get("/news-off/ABC:nonsense/").status_code == 404
    assert client.post("/news-off/ABC/").status_code == 404


def test_about_a_ticket_there_is_no_list_to_leave(people, organiser, now):
    send(write(people, organiser, now), organiser, now)

    assert not [message for message in mail.outbox if "List-Unsubscribe" in message.extra_headers]


def test_whoever_left_between_queue_and_mail_is_not_written_to(people, organiser, now):
    announcement = write(people, organiser, now, audience="news")
    announcements.schedule(announcement=announcement, send_at=None, by=organiser, now=now)
    announcements.send_announcements(now=now)
    Consent.objects.update(withdrawn_at=now)

    send_due(now=now)

    assert mail.outbox == []


class TestPages:
    @pytest.fixture
    def desk(self, client, organiser):
        client.force_login(organiser)
        return client

    def base(self, event):
        return f"/desk/events/{event.slug}/messages/"

    def test_it_is_written_previewed_and_sent(self, desk, people):
        typed = {"audience": "all", "subject": "Bring a jumper", "body": "It is {{ cold }}.", "session": ""}
        preview = desk.post(f"{self.base(people)}new/", typed)["Location"]
        page = desk.get(preview).content.decode()
        desk.post(f"{preview}edit/", typed | {"subject": "Bring two jumpers"})
        desk.post(preview, {"send_at": ""})

        announcement = Announcement.objects.get()
        assert "It is {{ cold }}." in page
        assert "Hello Sam Sample" in page
        assert "<strong>3</strong>" in page
        assert (announcement.subject, announcement.state) == ("Bring two jumpers", "scheduled")
        assert b"Bring two jumpers" in desk.get(self.base(people)).content
        desk.post(preview, {"do": "take-back"})
        assert Announcement.objects.get().state == "withdrawn"

    @pytest.mark.parametrize(
        "fault",
        [
            {"subject": ""},
            {"subject": "a\nBcc: x@y"},
            {"body": "\x07"},
            {"audience": "strangers"},
            {"audience": "session"},
        ],
    )
    def test_what_cannot_be_is_said(self, desk, people, fault):
        typed = {"audience": "all", "subject": "Hi", "body": "Text", "session": ""} | fault

        assert desk.post(f"{self.base(people)}new/", typed).status_code == 422
        assert not Announcement.objects.exists()

    def test_another_events_message_is_not_found(self, desk, people, organiser, now):
        other = write(factories.make_event("other"), organiser, now)

        assert desk.get(f"{self.base(people)}{other.uid}/").status_code == 404

    @pytest.mark.parametrize("role", ["", "supervisor", "welfare", "venue", "board"])
    def test_only_an_organiser_writes(self, client, people, organiser, now, role):
        announcement = write(people, organiser, now)
        urls = [
            f"{self.base(people)}{path}"
            for path in ("", "new/", f"{announcement.uid}/", f"{announcement.uid}/edit/")
        ]
        assert {client.get(url).status_code for url in urls} == {302}
        client.force_login(factories.make_user(role))
        assert {client.get(url).status_code for url in urls} == {403}
        assert {client.post(url).status_code for url in urls[1:]} == {403}
        assert Announcement.objects.get().state == "draft"

    @pytest.mark.parametrize("messages", [1, 3])
    def test_the_list_costs_the_same(self, desk, event, organiser, now, messages, django_assert_num_queries):
        for _ in range(messages):
            write(event, organiser, now)

        with django_assert_num_queries(5):
            desk.get(self.base(event))
