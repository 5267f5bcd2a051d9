"""Does a paper for somebody who waits leave the pages alone, and does whoever cannot wait hear it kindly?"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.urls import get_resolver

from printing import printer
from printing.printer import PrinterBusy, is_waited_for, place, print_beside, somebody_waits
from tests import factories
from tests.printing.works import for_ever, now_in_nanoseconds, which_process
from tickets.domain import codes
from tickets.views import request_guards


@pytest.fixture(autouse=True)
def nothing_kept():
    printer._kept.clear()


@contextmanager
def all_places_taken() -> Iterator[None]:
    """By others, who wait as long as the block runs."""
    over = threading.Event()
    taken = threading.Barrier(printer.WAITING_AT_MOST + 1)

    def wait() -> None:
        with place():
            taken.wait(10)
            over.wait(30)

    others = [threading.Thread(target=wait) for _ in range(printer.WAITING_AT_MOST)]
    for other in others:
        other.start()
    taken.wait(10)
    try:
        yield
    finally:
        over.set()
        for other in others:
            other.join(10)


def test_it_is_made_in_another_process_always_the_same():
    first, second = print_beside(which_process, "a"), print_beside(which_process, "b")

    assert first == second != which_process("")


def test_the_same_is_made_once_and_anything_else_anew():
    first = print_beside(now_in_nanoseconds, "Ada's ticket")

    assert print_beside(now_in_nanoseconds, "Ada's ticket") == first
    assert print_beside(now_in_nanoseconds, "Ada Lovelace's ticket") != first


def test_it_is_kept_for_a_while_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(printer, "KEPT_SECONDS", 0)
    monkeypatch.setattr(printer, "KEPT_AT_MOST", 2)

    made = {print_beside(now_in_nanoseconds, "Ada's ticket") for _ in range(2)}
    monkeypatch.setattr(printer, "KEPT_SECONDS", 60)
    for name in ("a", "b", "c"):
        print_beside(now_in_nanoseconds, name)

    assert len(made) == 2
    assert len(printer._kept) == 2


def test_whoever_comes_when_all_places_are_taken_is_refused_at_once():
    with all_places_taken(), pytest.raises(PrinterBusy):
        print_beside(which_process, "a")

    assert print_beside(which_process, "a").isdigit()


def test_what_never_ends_is_ended_and_the_next_is_printed(monkeypatch):
    monkeypatch.setattr(printer, "DEADLINE_SECONDS", 1)
    with pytest.raises(PrinterBusy):
        print_beside(for_ever, "a")
    monkeypatch.setattr(printer, "DEADLINE_SECONDS", 30)

    assert print_beside(which_process, "a").isdigit()


def test_background_work_prints_by_itself():
    with somebody_waits():
        waited = is_waited_for()

    assert (waited, is_waited_for()) == (True, False)


@pytest.mark.django_db
def test_a_ticket_is_printed_or_asked_for_again_by_itself(client, event):
    secret = codes.owner_secret(factories.sign_up(event, "Ada Example").registration)
    papers = (f"/my/{secret}/ticket.pdf", f"/my/{secret}/data/my-data.pdf")

    with all_places_taken():
        refused = [client.get(paper) for paper in papers]
        home = client.get("/")
    made = [client.get(paper) for paper in papers]

    for answer in refused:
        assert (answer.status_code, answer["Retry-After"], answer["Refresh"]) == (503, "3", "3")
        assert "This page asks again in three seconds" in answer.content.decode()
    assert home.status_code == 200
    assert [answer.content[:5] for answer in made] == [b"%PDF-"] * 2


@pytest.mark.django_db
def test_papers_are_rated_by_network(client, event, monkeypatch):
    secret = codes.owner_secret(factories.sign_up(event, "Ada Example").registration)
    monkeypatch.setattr(request_guards, "PRINTED_PER_ADDRESS", 2)

    answers = [client.get(f"/my/{secret}/ticket.pdf").status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_every_paper_that_a_stranger_may_ask_for_is_called_costly():
    """The desk's are asked for by people we know."""
    papers = {
        str(one.pattern): getattr(one.callback, "is_costly", False)
        for included in get_resolver().url_patterns
        for one in getattr(included, "url_patterns", [included])
        if str(one.pattern).endswith(".pdf") and not str(one.pattern).startswith("desk/")
    }

    assert papers == {
        "my/<secret:secret>/ticket.pdf": True,
        "my/<secret:secret>/data/my-data.pdf": True,
    }
