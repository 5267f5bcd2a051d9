"""Whatever happens in whatever order: 0 <= taken <= capacity, and nobody has a place that is not counted?"""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from events.models import Event, Session
from foundation.refusals import Refusal
from tests import factories
from tickets.domain.attendees import Attendee, Contact
from tickets.domain.changes import (
    cancel_registration,
    cancel_ticket,
    confirm_by_guardian,
    lapse_unconfirmed,
    refuse_by_guardian,
)
from tickets.domain.email_verification import prove
from tickets.domain.groups import Party, register_group
from tickets.domain.registration import register
from tickets.domain.session_choices import choose_sessions
from tickets.domain.waiting_list import join, join_session, leave, make_offers, register_offered, take_session
from tickets.models import Guardian, Registration, SessionPlace, Ticket, WaitingListEntry

pytestmark = [pytest.mark.database, pytest.mark.thorough]
NUMBER = st.integers(min_value=0, max_value=40)


class Places(RuleBasedStateMachine):
    """One small edition with one small session; people come, go, wait, confirm and forget."""

    def __init__(self):
        super().__init__()
        for model in (WaitingListEntry, Guardian, SessionPlace, Ticket, Registration):
            model.objects.all().delete()
        Event.objects.all().delete()
        self.event = factories.make_event(capacity=5, starts_at=factories.DAY + timedelta(days=30))
        self.session = factories.make_session(self.event, "games", capacity=2)
        self.now = factories.DAY
        self.people = 0

    def _lead(self) -> Contact:
        self.people += 1
        return Contact(name=f"Person {self.people}", email=f"p{self.people}@example.org")

    def _try(self, deed, **wish):
        self.event.refresh_from_db()
        try:
            return deed(now=self.now, **wish)
        except Refusal:
            return None

    def _one(self, rows, number):
        rows = list(rows.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(
        size=st.integers(1, 3),
        age=st.sampled_from([12, 14, 17, 20]),
        session=st.booleans(),
        rush=st.booleans(),
    )
    def sign_up(self, size, age, session, rush):
        lead = self._lead()
        adult = Contact(name="Gail Guardian", email=lead.email, phone="01632 960 001")
        attendees = [
            Attendee(
                name=f"{lead.name} {n}", age=age, borough="wirral", guardian=adult, emergency_contact=adult
            )
            for n in range(size)
        ]
        self._try(
            register,
            event=self.event,
            lead=lead,
            attendees=attendees,
            vouched_by="nobody" if rush else "registrar",
            sessions=["games"] if session else [],
        )

    @rule(heads=st.integers(1, 3))
    def bring(self, heads):
        lead = self._lead()
        party = Party(organisation=lead.name, heads={"14-15": heads}, adults=1, borough="wirral")
        lead = Contact(name=lead.name, email=lead.email, phone="01632 960 001")
        self._try(
            register_group,
            event=self.event,
            lead=lead,
            party=party,
            declares_consent=True,
            vouched_by="registrar",
        )

    @rule(number=NUMBER)
    def cancel(self, number):
        if one := self._one(Registration.objects, number):
            self._try(cancel_registration, registration=one)

    @rule(number=NUMBER)
    def cancel_one(self, number):
        if one := self._one(Ticket.objects, number):
            self._try(cancel_ticket, ticket=one)

    @rule(number=NUMBER, yes=st.booleans())
    def answer(self, number, yes):
        if one := self._one(Guardian.objects, number):
            self._try(confirm_by_guardian if yes else refuse_by_guardian, guardian=one)

    @rule(number=NUMBER)
    def prove_one(self, number):
        if one := self._one(Registration.objects, number):
            self._try(prove, registration=one)

    @rule(size=st.integers(1, 4))
    def wait(self, size):
        self._try(join, event=self.event, email="wil@example.org", party_size=size)

    @rule(number=NUMBER)
    def wait_for_the_session(self, number):
        if one := self._one(Ticket.objects.taking_a_place(), number):
            self._try(join_session, ticket=one, session=self.session)

    @rule(number=NUMBER, chosen=st.booleans())
    def choose(self, number, chosen):
        if one := self._one(Ticket.objects, number):
            self._try(choose_sessions, ticket=one, slugs=["games"] if chosen else [])

    @rule(number=NUMBER)
    def leave_one(self, number):
        if one := self._one(WaitingListEntry.objects, number):
            self._try(leave, entry=one)

    @rule(number=NUMBER)
    def take(self, number):
        if one := self._one(WaitingListEntry.objects, number):
            if one.session_id:
                self._try(take_session, entry=one)
            else:
                lead = self._lead()
                someone = Attendee(name=lead.name, age=20, borough="wirral")
                self._try(register_offered, vouched_by="network", entry=one, lead=lead, attendees=[someone])

    @rule(more=st.integers(0, 3))
    def raise_capacity(self, more):
        Event.objects.filter(pk=self.event.pk).update(capacity=self.event.capacity + more)
        self.event.refresh_from_db()

    @rule(hours=st.integers(0, 60))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        lapse_unconfirmed(now=self.now)
        make_offers(now=self.now)

    @invariant()
    def every_place_is_counted_once(self):
        self.event.refresh_from_db()
        offered = sum(
            entry.party_size - entry.places_used
            for entry in WaitingListEntry.objects.filter(state="offered", session__isnull=True)
        )
        tickets = Ticket.objects.taking_a_place().count()
        assert self.event.places_taken == tickets + offered
        assert 0 <= self.event.places_taken <= self.event.capacity

    @invariant()
    def every_session_place_is_counted_once(self):
        session = Session.objects.get(pk=self.session.pk)
        offered = WaitingListEntry.objects.filter(state="offered", session=session).count()
        assert session.places_taken == SessionPlace.objects.filter(session=session).count() + offered
        assert 0 <= session.places_taken <= session.capacity

    @invariant()
    def what_ended_holds_nothing(self):
        ended = Registration.objects.filter(ended_at__isnull=False)
        assert not Ticket.objects.taking_a_place().filter(registration__in=ended).exists()
        assert not SessionPlace.objects.filter(ticket__state="cancelled").exists()

    @invariant()
    def serials_are_never_used_twice(self):
        serials = list(Ticket.objects.filter(event=self.event).values_list("serial", flat=True))
        assert len(serials) == len(set(serials))
        assert max(serials, default=0) <= self.event.serials_issued


class TestPlaces(TestCase, Places.TestCase):
    settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
