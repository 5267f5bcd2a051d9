"""Is the same work done for what we know and what we do not, so that no clock tells them apart?

(SE-01, SE-04)
"""

import pytest

from tests.house.same_work import KNOWN, PAGES, STRANGER, ask_page, make_stage, scan, work_of


@pytest.mark.parametrize("page", PAGES)
def test_an_unknown_address_takes_the_statements_of_a_known_one(db, page):
    make_stage()
    ask_page(page, KNOWN)()  # whatever a process reads once

    known, stranger = work_of(ask_page(page, KNOWN)), work_of(ask_page(page, STRANGER))

    assert stranger == known
    assert any("outbox_message" in statement for statement in stranger)


def test_no_code_that_admits_nobody_takes_other_statements(db):
    phone, tried = make_stage()
    scan(phone, tried["unknown"])()

    works = {name: work_of(scan(phone, code)) for name, code in tried.items()}

    assert {tuple(work) for work in works.values()} == {tuple(works["unknown"])}


def test_the_control_sees_a_code_that_is_let_in(db):
    """Work is told apart where it differs: a guess that hits is no secret any more."""
    phone, tried = make_stage()
    from tests.door.factories import code_of
    from tickets.models import Ticket

    admitted = work_of(scan(phone, code_of(Ticket.objects.get(event=phone.event))))

    assert admitted != work_of(scan(phone, tried["unknown"]))
