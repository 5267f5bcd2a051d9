"""Are guardians, consents and equality questions what they promise to be?"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.tickets.public import answers_for, hidden, walk
from tickets.domain import codes
from tickets.domain.changes import cancel_registration, lapse_unconfirmed
from tickets.domain.consent_texts import WORDING_VERSION, words_shown
from tickets.domain.consents import give_consent, withdraw_consent
from tickets.domain.equality import QUESTIONS, count_answers, counted_answers
from tickets.models import Consent, EqualityCount, Guardian, Ticket


def guardian_link(ticket):
    secret = codes.guardian_secret(event_id=ticket.event_id, serial=ticket.serial, generation=1)
    return f"/guardian/{secret}/"


def owner_link(ticket):
    return f"/my/{codes.owner_secret(ticket.registration)}/"


@pytest.fixture
def child(client, open_event):
    """14 years old, and said yes to photos."""
    walk(client, open_event, "14", **answers_for(14, choices=["photo", "news"]))
    return Ticket.objects.get()


def test_photos_of_a_child_need_the_child_and_the_guardian(client, child):
    assert child.no_photos
    page = client.get(guardian_link(child)).content.decode()
    assert words_shown(kind="photo", giver="guardian") in page
    assert "checked" not in page

    client.post(guardian_link(child), {"answer": "yes", "photo": "on", "phone": "01632 960 001"})

    child.refresh_from_db()
    assert (child.state, child.no_photos, child.guardian.phone) == ("valid", False, "01632 960 001")
    assert set(Consent.objects.values_list("kind", "giver", "wording_version")) == {
        ("photo", "owner", WORDING_VERSION),
        ("photo", "guardian", WORDING_VERSION),
        ("news", "owner", WORDING_VERSION),
    }


def test_a_guardian_who_ticks_nothing_agrees_to_the_day_alone(client, child):
    client.post(guardian_link(child), {"answer": "yes"})

    child.refresh_from_db()
    assert (child.state, child.no_photos, child.may_leave_alone) == ("valid", True, False)


def test_a_child_that_refused_photos_asks_the_guardian_nothing_about_them(client, open_event):
    walk(client, open_event, "14", **answers_for(14))
    ticket = Ticket.objects.get()
    assert 'name="photo"' not in client.get(guardian_link(ticket)).content.decode()

    client.post(guardian_link(ticket), {"answer": "yes", "photo": "on"})

    assert not Consent.objects.exists()


def test_the_guardians_link_says_yes_or_no_once_and_nothing_else(client, child):
    link = guardian_link(child)
    secret = link.split("/")[2]
    for other in (f"/my/{secret}/", f"/my/{secret}/cancel/", f"/T/{secret.upper()}", f"/waiting/{secret}/"):
        assert client.get(other).status_code == 404
    client.get(link)
    assert Guardian.objects.get().answer == "asked"
    client.post(link, {"answer": "perhaps"})
    assert Guardian.objects.get().answer == "asked"

    client.post(link, {"answer": "yes"})
    assert b"Thank you for saying yes" in client.get(link).content
    client.post(link, {"answer": "yes"})

    assert Guardian.objects.get().answer == "confirmed"
    assert client.put(link).status_code == 405
    assert client.get("/guardian/unknown/").status_code == 404


def test_the_link_is_over_once_the_hold_has_lapsed_or_the_ticket_is_cancelled(client, child):
    lapse_unconfirmed(now=timezone.now() + timedelta(hours=49))

    late = client.post(guardian_link(child), {"answer": "yes"})

    child.refresh_from_db()
    assert (client.get(guardian_link(child)).status_code, late.status_code) == (410, 410)
    assert child.state == "cancelled"
    cancel_registration(registration=child.registration, now=timezone.now())


def test_a_number_that_is_none_is_asked_for_again(client, child):
    page = client.post(guardian_link(child), {"answer": "yes", "phone": "call me"})

    assert page.status_code == 422
    assert b"There is a problem" in page.content
    assert Guardian.objects.get().answer == "asked"


def test_a_choice_is_taken_back_and_given_again_by_one_tap(client, open_event):
    walk(client, open_event, "19", **answers_for(19, choices=["photo"]))
    ticket = Ticket.objects.get()
    data = f"{owner_link(ticket)}data/"

    client.post(data, {"withdraw": "photo"})
    client.post(data, {"withdraw": "nonsense"})
    ticket.refresh_from_db()
    assert ticket.no_photos
    client.post(data, {"give": "photo"})
    client.post(data, {"give": "photo"})

    ticket.refresh_from_db()
    assert not ticket.no_photos
    assert Consent.objects.count() == 2
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_below_16_nobody_gives_photos_back_without_the_guardian(client, child):
    client.post(guardian_link(child), {"answer": "yes", "photo": "on"})
    data = f"{owner_link(child)}data/"

    client.post(data, {"withdraw": "photo"})
    client.post(data, {"give": "photo"})

    child.refresh_from_db()
    assert child.no_photos


def test_below_13_nobody_gets_news(event, noon):
    ticket = factories.sign_up(event, "Kit Example", age=12, now=noon, news=True, photo=True)

    assert list(Consent.objects.values_list("kind", flat=True)) == ["photo"]
    assert ticket.no_photos


def test_a_registrars_yes_names_the_registrar(event, noon, organiser):
    factories.sign_up(event, now=noon, photo=True, by=organiser)

    assert list(Consent.objects.values_list("giver", "given_by")) == [("registrar", organiser.pk)]


def test_giving_and_withdrawing_keeps_each_act(event, noon):
    ticket = factories.sign_up(event, now=noon)
    for _ in range(2):
        give_consent(ticket=ticket, kind="news", giver="owner", now=noon)
        give_consent(ticket=ticket, kind="news", giver="owner", now=noon)
        withdraw_consent(ticket=ticket, kind="news", now=noon)

    assert Consent.objects.filter(withdrawn_at=noon).count() == 2


def test_equality_answers_are_counts_that_lead_to_nobody(client, open_event):
    url = f"/e/{open_event.slug}/about-you/"
    for answers in ({"gender": "girl", "disability": "no"}, {"gender": "girl"}, {}):
        client.post(url, {"stamp": hidden(client.get(url), "stamp")} | answers)
    stamp = hidden(client.get(url), "stamp")
    for _ in range(2):
        client.post(url, {"stamp": stamp, "background": "mixed"})

    counts = counted_answers(events=[open_event])
    assert (counts["gender"]["girl"], counts["disability"]["no"], counts["background"]["mixed"]) == (2, 1, 1)
    fields = {field.name for field in EqualityCount._meta.get_fields()}
    assert fields == {"id", "event", "question", "answer", "people"}
    in_order = [(question.slug, answer) for question in QUESTIONS for answer, _ in question.answers]
    assert list(EqualityCount.objects.order_by("pk").values_list("question", "answer")) == in_order


def test_equality_questions_leave_no_trace_of_their_order(event):
    """Fifty people with known answers: the rows are the same whatever the order they came in."""
    answers = [{"gender": ("girl", "boy", "other")[n % 3]} for n in range(50)]
    dumps = []
    for order in (answers, answers[::-1]):
        EqualityCount.objects.all().delete()
        for one in order:
            count_answers(event=event, answers=one)
        dumps.append(list(EqualityCount.objects.order_by("pk").values_list("question", "answer", "people")))

    assert dumps[0] == dumps[1]


def test_what_is_no_answer_is_not_counted(client, open_event):
    url = f"/e/{open_event.slug}/about-you/"

    page = client.post(url, {"stamp": hidden(client.get(url), "stamp"), "gender": "'; DROP TABLE"})

    assert page.status_code == 422
    assert count_answers(event=open_event, answers={"gender": "x", "age": "yes"}) == 0
    assert not EqualityCount.objects.exists()
    assert client.put(url).status_code == 405
    open_event.asks_equality = False
    open_event.save()
    assert client.get(url).status_code == 404


def test_sessions_are_chosen_and_waited_for_on_a_page(client, open_event):
    factories.make_session(open_event, "games", capacity=1)
    factories.make_session(open_event, "music", capacity=3, after_minutes=200)
    now = timezone.now()
    factories.sign_up(open_event, "Bo Example", now=now, sessions=["games"])
    ada = factories.sign_up(open_event, "Ada Example", now=now)
    page = f"{owner_link(ada)}sessions/{ada.serial}/"

    assert client.post(page, {"sessions": ["music"]})["Location"] == owner_link(ada)
    full = client.post(page, {"sessions": ["games"]})
    client.post(page, {"wait": "games"})
    shown = client.get(page).content.decode()

    assert full.status_code == 422
    assert "You are number 1" in shown
    assert list(ada.session_places.values_list("session__slug", flat=True)) == ["music"]
    waiting = re.search(r"/waiting/[a-z2-7]{26}/", shown)[0]
    assert b"You wait for a place in Games" in client.get(waiting).content
    client.post(waiting)
    assert "You are number" not in client.get(page).content.decode()


def test_the_number_of_a_guardian_follows_later_and_a_code_is_renewed(client, child):
    page = owner_link(child)
    client.post(f"{page}contact/{child.serial}/", {"name": "Gail Guardian", "phone": "+44 1632 960001"})
    client.post(guardian_link(child), {"answer": "yes"})
    assert client.get(f"{page}new-code/{child.serial}/").status_code == 200
    child.refresh_from_db()
    assert (child.guardian.phone, child.generation) == ("+44 1632 960001", 1)

    client.post(f"{page}new-code/{child.serial}/")

    child.refresh_from_db()
    assert child.generation == 2
    for path in ("contact", "new-code", "name", "sessions", "cancel"):
        assert client.get(f"{page}{path}/{child.serial + 1}/").status_code == 404
        assert client.get(f"{page}{path}/{10**30}/").status_code == 404
