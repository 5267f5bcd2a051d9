from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events: Where and when?"

    def ready(self) -> None:
        from events import messages
        from events.domain import audit_log, bookings
        from outbox.domain import due

        pre_migrate.connect(_lift_clash_ban, sender=self)
        post_migrate.connect(_put_clash_ban_back, sender=self)
        audit_log.keep_audit_log()
        messages.register_composers()
        due.register("lapse holds", bookings.lapse_holds)


def _lift_clash_ban(*, using: str, plan: list[Any], **_: Any) -> None:
    """SQLite remakes a table to alter it, and cannot while the ban's view and triggers look at it."""
    from events.models.clash_ban import clash_ban_stands, drop_clash_ban

    connection = connections[using]
    touches_events = any(migration.app_label == "events" for migration, _ in plan)
    if connection.vendor == "sqlite" and touches_events and clash_ban_stands(connection):
        drop_clash_ban(connection)


def _put_clash_ban_back(*, using: str, **_: Any) -> None:
    from events.models.clash_ban import clash_ban_stands, create_clash_ban, drop_clash_ban

    connection = connections[using]
    if connection.vendor != "sqlite" or "events_booking" not in connection.introspection.table_names():
        return
    if not clash_ban_stands(connection):
        drop_clash_ban(connection)
        create_clash_ban(connection)
