from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events: Where and when?"

    def ready(self) -> None:
        from events.domain import trail

        trail.keep_trail()
