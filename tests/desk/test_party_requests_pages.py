"""How does an organiser answer a group that waits, and what does its lead see meanwhile?"""

import pytest
from django.utils import timezone

from events.models import Event
from tests import factories
from tests.page_text import page_text
from tests.tickets.test_party_claims import bring
from tickets.domain import codes
from tickets.domain.acceptance import prove_address
from tickets.models import Registration, Ticket


@pytest.fixture
def organiser(client, open_event):
    Event.objects.filter(pk=open_event.pk).update(capacity=600)
    open_event.refresh_from_db()
    user = factories.make_user("organiser", name="Oona Organiser")
    client.force_login(user)
    return user


def test_today_and_the_event_lead_to_the_groups_that_wait(client, organiser, open_event):
    for page in ("/desk/", f"/desk/events/{open_event.slug}/"):
        assert b"for your answer" not in client.get(page).content
    bring(open_event, young=80, now=timezone.now())

    for page in ("/desk/", f"/desk/events/{open_event.slug}/"):
        shown = page_text(client.get(page))
        assert "1 group waits for your answer" in shown
        assert f"/desk/events/{open_event.slug}/groups/" in shown


def test_a_yes_is_one_tap(client, organiser, open_event):
    party = bring(open_event, young=80, now=timezone.now())
    page = f"/desk/events/{open_event.slug}/groups/"
    assert "Example Academy</bdi>: 81, of them 1 adult" in page_text(client.get(page))

    for _ in range(2):
        answer = client.post(page, {"reference": party.reference, "answer": "yes"}, follow=True)

    assert "This group was answered meanwhile." in answer.content.decode()
    assert (Ticket.objects.valid().count(), Registration.objects.get().state) == (81, "confirmed")


def test_a_no_wants_a_reason(client, organiser, open_event):
    party = bring(open_event, young=80, now=timezone.now())
    page = f"/desk/events/{open_event.slug}/groups/"

    silent = client.post(page, {"reference": party.reference, "answer": "no", "reason": " "})
    assert (silent.status_code, Registration.objects.get().state) == (422, "requested")

    client.post(page, {"reference": party.reference, "answer": "no", "reason": "The rooms are small."})
    assert Registration.objects.get().state == "cancelled"


def test_a_group_of_another_event_is_not_answered_here(client, organiser, open_event):
    other = factories.make_event("other", starts_at=open_event.starts_at, capacity=600)
    party = bring(other, young=80, now=timezone.now())

    answer = client.post(
        f"/desk/events/{open_event.slug}/groups/", {"reference": party.reference, "answer": "yes"}
    )

    assert (answer.status_code, Registration.objects.get().state) == (302, "requested")


def test_while_a_party_is_held_names_can_be_entered_and_codes_and_papers_wait(client, open_event):
    factories.make_session(open_event, "games", capacity=20)
    party = bring(open_event, young=11, now=timezone.now())
    page = f"/my/{codes.owner_secret(party)}/"

    shown = page_text(client.get(page))
    assert "We hold your places" in shown
    assert f"{page}sessions/1/" in shown
    assert 'class="qr"' not in shown
    assert 'class="code"><b>' not in shown
    assert client.get(f"{page}ticket.pdf").status_code == 409
    assert client.post(f"{page}names/", {"names": "Sam Example, 17"})["Location"] == page
    assert client.post(f"{page}sessions/1/", {"sessions": ["games"]})["Location"] == page

    client.post(f"{page}confirm/{codes.proof_secret(party)}/")
    shown = page_text(client.get(page))
    assert 'class="qr"' in shown
    assert client.get(f"{page}ticket.pdf")["Content-Type"] == "application/pdf"


def test_the_page_of_a_request_says_what_happens_next(client, open_event):
    party = bring(open_event, young=61, now=timezone.now())
    page = f"/my/{codes.owner_secret(party)}/"

    first = page_text(client.get(page))
    prove_address(registration=party, now=timezone.now())
    then = page_text(client.get(page))

    assert "First show that your e-mail address is yours" in first
    assert "Then a person in our team looks at your group." in first
    assert "First show" not in then
    assert "61 young people and 1 adult" in then
    assert client.get(f"{page}ticket.pdf").status_code == 409


def test_a_proof_that_comes_too_late_for_the_places_says_so(client, open_event):
    now = timezone.now()
    party = bring(open_event, young=49, now=now)
    for school in ("A", "B", "C"):
        bring(open_event, young=55, school=school, now=now, vouched_by="registrar")

    late = client.post(f"/my/{codes.owner_secret(party)}/confirm/{codes.proof_secret(party)}/")

    assert late.status_code == 409
    assert "Only 32 places are left." in late.content.decode()
