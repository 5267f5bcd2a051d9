from datetime import timedelta

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Settings and commands over the whole house"

    def ready(self) -> None:
        from config import checks, cleaning, sign_in_mail  # noqa: F401  registers the checks
        from outbox.domain import composers, due

        composers.register(sign_in_mail.CODE, sign_in_mail.compose_code, urgent=True)
        composers.register(sign_in_mail.NOTICE, sign_in_mail.compose_notice, urgent=True)
        due.register("mail of signing in that is over", sign_in_mail.forget_sign_in_mail)

        due.register("sessions that are over", cleaning.clear_sessions, every=timedelta(hours=1))
        due.register("counts that are over", cleaning.clear_counts, every=timedelta(minutes=10))
