from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events: Where and when?"

    def ready(self) -> None:
        from events import messages
        from events.domain import bookings, history, trail
        from outbox.domain import due

        trail.keep_trail()
        history.keep_history()
        messages.register_composers()
        due.register("lapse holds", bookings.lapse_holds)
