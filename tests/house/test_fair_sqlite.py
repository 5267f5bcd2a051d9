"""Is SQLite's write lock handed on in order, and never left lying? (config/fair_sqlite)"""

import threading

import pytest
from django.db import OperationalError, connection, connections, transaction

from accounts.models import User
from config.fair_sqlite.base import WriteQueue, queue_for


def waiting(queue: WriteQueue) -> int:
    return len(queue._waiting)


def until(done) -> None:
    for _ in range(5_000):
        if done():
            return
        threading.Event().wait(0.001)
    raise AssertionError("it did not happen")


class TestQueue:
    def test_turns_come_in_the_order_of_asking(self):
        queue, order, threads = WriteQueue(), [], []
        queue.enter(timeout=1)

        def take(number: int) -> None:
            queue.enter(timeout=10)
            order.append(number)
            queue.leave()

        for number in range(8):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            until(lambda number=number: waiting(queue) == number + 1)
        queue.leave()
        for thread in threads:
            thread.join(10)

        assert order == list(range(8))
        assert not queue._held

    def test_who_gives_up_waiting_holds_no_turn_and_stops_nobody(self):
        queue = WriteQueue()
        queue.enter(timeout=1)

        assert queue.enter(timeout=0.01) is False
        queue.leave()

        assert waiting(queue) == 0
        assert queue.enter(timeout=0.01) is True

    def test_many_threads_never_hold_it_together(self):
        queue, inside, most = WriteQueue(), [0], [0]

        def work() -> None:
            for _ in range(300):
                if queue.enter(timeout=0.002):
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    inside[0] -= 1
                    queue.leave()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert most[0] == 1
        assert not queue._held
        assert waiting(queue) == 0


@pytest.fixture
def queue(transactional_db):
    assert connection.vendor == "sqlite"
    queue = queue_for(str(connection.settings_dict["NAME"]))
    assert not queue._held
    yield queue
    assert not queue._held
    assert waiting(queue) == 0


class TestTransactions:
    def test_a_transaction_holds_its_turn_to_its_end(self, queue):
        with transaction.atomic():
            assert queue._held
            with transaction.atomic():
                User.objects.create_user("ada@example.org")
            assert queue._held

        assert not queue._held

    def test_a_fault_gives_the_turn_back(self, queue):
        def write_and_fail() -> None:
            with transaction.atomic():
                User.objects.create_user("ada@example.org")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            write_and_fail()

        assert not queue._held
        assert not User.objects.exists()

    def test_a_fault_inside_keeps_the_turn_for_the_rest(self, queue):
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                raise ZeroDivisionError
            assert queue._held
            User.objects.create_user("bob@example.org")

        assert User.objects.count() == 1

    def test_a_commit_that_fails_gives_the_turn_back(self, queue, monkeypatch):
        def fail(self) -> None:
            raise OperationalError("disk full")

        def write() -> None:
            with transaction.atomic():
                User.objects.create_user("cy@example.org")

        monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._commit", fail)
        with pytest.raises(OperationalError):
            write()
        monkeypatch.undo()

        assert not queue._held
        assert not User.objects.exists()

    def test_a_beginning_that_fails_gives_the_turn_back(self, queue, monkeypatch):
        def fail(self) -> None:
            raise OperationalError("database is locked")

        monkeypatch.setattr(
            "django.db.backends.sqlite3.base.DatabaseWrapper._start_transaction_under_autocommit", fail
        )
        with pytest.raises(OperationalError), transaction.atomic():
            pass
        monkeypatch.undo()

        assert not queue._held

    def test_a_connection_closed_in_the_middle_gives_the_turn_back(self, queue):
        def leave_it_lying() -> None:
            own = connections["default"]
            own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            own.close()

        thread = threading.Thread(target=leave_it_lying)
        thread.start()
        thread.join(10)

        assert not queue._held

    def test_writers_in_threads_all_get_their_turn(self, queue):
        def write(number: int) -> None:
            try:
                for turn in range(5):
                    with transaction.atomic():
                        User.objects.create_user(f"w{number}t{turn}@example.org")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert User.objects.count() == 40
