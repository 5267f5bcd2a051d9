"""How many places may a group hold that nobody vouches for, and what takes it further:
a proof, a yes, a no?"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from outbox.models import Message
from tests import factories
from tickets.domain.acceptance import accept_party, decline_party, prove_address, waiting_parties
from tickets.domain.attendees import Contact
from tickets.domain.changes import NothingToChange, cancel_registration, lapse_unconfirmed
from tickets.domain.groups import Party, register_group
from tickets.domain.party_claims import SchoolFull
from tickets.domain.places import EventFull
from tickets.domain.waiting_list import offer_to_school
from tickets.messages import _group_declined, _prove_address, _registered
from tickets.models import Registration, Ticket

Vouched = Registration.Vouched


@pytest.fixture
def big(db):
    """An edition for 600, of whom a tenth are 60."""
    return factories.make_event(capacity=600, safe_capacity=700)


@pytest.fixture
def oona(db):
    return factories.make_user("organiser", name="Oona Organiser")


def bring(event, *, young, adults=1, band="16-17", school="Example Academy", now, **more):
    """A party of so many young people of one age band, and adults; by default nobody vouches."""
    lead = Contact(name="Tara Teacher", email=more.pop("email", "tara@example.org"), phone="01632 960 020")
    party = Party(organisation=school, heads={band: young}, adults=adults, borough="sefton")
    asked = {"vouched_by": Vouched.NOBODY} | more
    return register_group(
        event=event, lead=lead, party=party, declares_consent=True, now=now, **asked
    ).registration


def stand_of(registration):
    """State, places taken of the edition, states of the tickets."""
    registration.refresh_from_db()
    registration.event.refresh_from_db()
    states = set(registration.tickets.values_list("state", flat=True))
    return registration.state, registration.event.places_taken, states


def mails():
    return sorted(Message.objects.exclude(purpose="names").values_list("purpose", flat=True))


def test_one_post_that_asks_for_nearly_all_places_takes_none(big, noon):
    party = bring(big, young=280, adults=20, now=noon)

    assert stand_of(party) == ("requested", 0, set())
    assert mails() == ["prove-address"]


@pytest.mark.parametrize(
    ("heads", "stand"), [(40, ("on-hold", 40, {"on-hold"})), (41, ("requested", 0, set()))]
)
def test_an_unproved_party_holds_forty_and_no_more(big, noon, heads, stand):
    assert stand_of(bring(big, young=heads - 2, adults=2, now=noon)) == stand


@pytest.mark.parametrize(
    ("heads", "stand"), [(20, ("on-hold", 60, {"on-hold"})), (21, ("requested", 40, set()))]
)
def test_all_unproved_parties_together_hold_a_tenth(big, noon, heads, stand):
    bring(big, young=39, school="First School", now=noon)

    assert stand_of(bring(big, young=heads - 1, now=noon)) == stand


def test_a_proved_party_leaves_the_tenth_to_others(big, noon):
    first = bring(big, young=39, school="First School", now=noon)
    prove_address(registration=first, now=noon)

    assert stand_of(bring(big, young=39, now=noon)) == ("on-hold", 80, {"on-hold"})


@pytest.mark.parametrize(
    ("early", "stand"), [(1, ("on-hold", 12, {"on-hold"})), (0, ("lapsed", 0, {"cancelled"}))]
)
def test_an_unproved_party_is_held_for_two_hours_and_then_hears_nothing(big, noon, early, stand):
    party = bring(big, young=11, now=noon)

    lapse_unconfirmed(now=noon + timedelta(hours=2) - timedelta(seconds=early))

    assert stand_of(party) == stand
    assert mails() == ["prove-address"]


def test_a_proof_makes_tickets_of_sixteen_and_over_valid(big, noon):
    party = bring(big, young=11, now=noon)

    for _ in range(2):
        prove_address(registration=party, now=noon)

    assert stand_of(party) == ("confirmed", 12, {"valid"})
    assert (party.vouched_by, party.hold_until) == ("address", None)
    assert mails() == ["prove-address", "registered"]


def test_a_proof_frees_no_child_from_the_guardian_rule_until_an_organiser_says_yes(big, noon, oona):
    party = bring(big, young=11, band="14-15", now=noon)

    prove_address(registration=party, now=noon)
    lapse_unconfirmed(now=noon + timedelta(days=5))

    assert stand_of(party) == ("on-hold", 12, {"on-hold"})
    assert mails() == ["group-waits", "prove-address"]
    assert [one.registration for one in waiting_parties(events=[big])] == [party]

    accept_party(registration=party, by=oona, now=noon)

    assert stand_of(party) == ("confirmed", 12, {"valid"})
    assert mails() == ["group-waits", "prove-address", "registered"]
    assert waiting_parties(events=[big]) == []


def test_where_an_event_asks_no_guardian_a_proof_is_enough_for_children(big, noon):
    big.guardian_rule = big.GuardianRule.WITH_ADULT
    big.save()
    party = bring(big, young=11, band="14-15", now=noon)

    prove_address(registration=party, now=noon)

    assert stand_of(party) == ("confirmed", 12, {"valid"})


@pytest.mark.parametrize(
    ("heads", "stand"), [(60, ("confirmed", 60, {"valid"})), (61, ("requested", 0, set()))]
)
def test_above_sixty_a_proved_party_waits_for_an_organiser(big, noon, heads, stand):
    party = bring(big, young=heads - 5, adults=5, now=noon)
    assert stand_of(party) == ("requested", 0, set())

    prove_address(registration=party, now=noon)

    assert stand_of(party) == stand


def test_who_vouches_skips_proof_and_nothing_else(big, noon):
    large = bring(big, young=60, now=noon, vouched_by=Vouched.ADDRESS)
    class_of_14 = bring(big, young=50, band="14-15", school="B", now=noon, vouched_by=Vouched.ADDRESS)
    by_registrar = bring(big, young=100, band="14-15", school="C", now=noon, vouched_by=Vouched.REGISTRAR)

    assert stand_of(large)[0] == "requested"
    assert (stand_of(class_of_14)[0], stand_of(class_of_14)[2]) == ("on-hold", {"on-hold"})
    assert (stand_of(by_registrar)[0], stand_of(by_registrar)[2]) == ("confirmed", {"valid"})


def test_an_organisers_yes_claims_the_places_of_a_request(big, noon, oona):
    party = bring(big, young=140, adults=10, band="11-13", now=noon)
    prove_address(registration=party, now=noon)

    accept_party(registration=party, by=oona, now=noon)

    assert stand_of(party) == ("confirmed", 150, {"valid"})
    assert party.places_claimed == 150
    with pytest.raises(NothingToChange):
        accept_party(registration=party, by=oona, now=noon)


def test_a_request_that_no_longer_fits_goes_on_waiting_and_is_told(big, noon, oona):
    party = bring(big, young=54, adults=5, now=noon)
    for number in range(2):
        bring(big, young=275, school=f"School {number}", now=noon, vouched_by=Vouched.REGISTRAR)

    with pytest.raises(EventFull) as refused:
        prove_address(registration=party, now=noon)

    assert refused.value.details == {"places_left": 48}
    assert stand_of(party) == ("requested", 552, set())
    assert not party.needs_proof
    with pytest.raises(EventFull):
        accept_party(registration=party, by=oona, now=noon)
    (waits,) = waiting_parties(events=[big])
    assert (waits.heads, waits.is_held, waits.fits) == (59, False, False)


def test_a_request_for_more_than_there_is_is_refused_at_once(big, noon):
    big.capacity = 100
    big.save()

    with pytest.raises(EventFull):
        bring(big, young=100, now=noon)

    assert bring(big, young=99, now=noon).state == "requested"


def test_a_no_ends_it_and_only_a_proved_lead_is_told_why(big, noon, oona):
    proved = bring(big, young=80, now=noon)
    typed = bring(big, young=80, school="B", email="victim@example.org", now=noon)
    prove_address(registration=proved, now=noon)

    for party in (proved, typed):
        decline_party(registration=party, reason="The rooms are small.", by=oona, now=noon)

    assert (stand_of(proved), stand_of(typed)) == (("cancelled", 0, set()), ("cancelled", 0, set()))
    assert mails() == ["group-declined", "group-waits", "prove-address", "prove-address"]
    mail = _group_declined({"registration": proved.pk, "reason": "The rooms are small."})
    assert (mail.to, "The rooms are small." in mail.text) == (["tara@example.org"], True)


def test_held_places_are_free_again_after_a_no(big, noon, oona):
    party = bring(big, young=11, band="11-13", now=noon)

    decline_party(registration=party, reason="Full by age.", by=oona, now=noon)

    assert stand_of(party) == ("cancelled", 0, {"cancelled"})


def test_a_lead_takes_a_request_back(big, noon):
    party = bring(big, young=80, now=noon)

    cancel_registration(registration=party, now=noon)

    assert stand_of(party) == ("cancelled", 0, set())
    assert mails() == ["prove-address"]


def test_a_schools_cap_counts_adults(big, noon):
    big.most_per_school = 12
    big.save()

    with pytest.raises(SchoolFull):
        bring(big, young=10, adults=3, now=noon)

    bring(big, young=10, adults=2, now=noon, vouched_by=Vouched.REGISTRAR)
    with pytest.raises(SchoolFull) as refused:
        bring(big, young=1, adults=1, now=noon)
    assert refused.value.details == {"places_left": 0}


def test_what_is_not_proved_and_accepted_uses_up_no_schools_cap(big, noon, oona):
    big.most_per_school = 12
    big.save()
    throw_away = bring(big, young=10, adults=2, band="14-15", email="zz@example.net", now=noon)
    school = bring(big, young=10, adults=2, band="14-15", now=noon)
    prove_address(registration=throw_away, now=noon)
    prove_address(registration=school, now=noon)

    accept_party(registration=school, by=oona, now=noon)
    with pytest.raises(SchoolFull):
        accept_party(registration=throw_away, by=oona, now=noon)

    assert (stand_of(school)[0], stand_of(throw_away)[0]) == ("confirmed", "on-hold")


def test_the_offers_mail_proves_the_address_it_went_to_and_no_other(big, noon):
    def taken_by(email):
        entry, _ = offer_to_school(
            event=big,
            organisation="Example Academy",
            email="tara@example.org",
            places=50,
            until=big.starts_at,
            now=noon,
        )
        return bring(big, young=49, band="14-15", email=email, now=noon, entry=entry)

    assert (stand_of(taken_by("Tara@example.org"))[0], stand_of(taken_by("eve@example.net"))[0]) == (
        "confirmed",
        "on-hold",
    )


def test_the_database_keeps_a_request_from_taking_places(big, noon):
    party = bring(big, young=80, now=noon)

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=party.pk).update(places_claimed=81)


def test_until_proved_every_mail_says_how_to_prove_it_and_nothing_else(big, noon):
    party = bring(big, young=11, school="Rude words at example.com", now=noon)

    mail = _prove_address({"registration": party.pk})

    assert _registered({"registration": party.pk}).text == mail.text
    assert (mail.to, mail.attachments) == (["tara@example.org"], [])
    for word in ("Tara", "Rude", "example.com", big.title, party.reference):
        assert word not in mail.text + mail.html + mail.subject
    assert _group_declined({"registration": party.pk, "reason": "No"}) is None


def test_a_waiting_group_is_told_who_answers(big, noon):
    party = bring(big, young=11, band="14-15", now=noon)
    prove_address(registration=party, now=noon)

    mail = _registered({"registration": party.pk})

    assert "Your places are held until then." in mail.text
    assert mail.attachments == []


def test_the_same_form_sent_twice_is_one_request(big, noon):
    from tickets.domain.issuance import Idempotency

    key = Idempotency(scope="form", key="k1")

    first, again = (bring(big, young=80, now=noon, idempotency=key) for _ in range(2))

    assert first == again
    assert not Ticket.objects.exists()
