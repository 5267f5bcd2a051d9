from datetime import timedelta

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Settings and commands over the whole house"

    def ready(self) -> None:
        from config import checks, cleaning  # noqa: F401  registers the checks
        from outbox.domain import due

        due.register("sessions that are over", cleaning.clear_sessions, every=timedelta(hours=1))
        due.register("counts that are over", cleaning.clear_counts, every=timedelta(minutes=10))
