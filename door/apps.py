from datetime import timedelta

from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "door"
    verbose_name = "Door: Who came?"

    def ready(self) -> None:
        from door.domain import closing_time, duty_team
        from outbox.domain import due

        due.register("check out at closing time", closing_time.check_out_at_closing)
        due.register("forget who was on duty", duty_team.forget_staff, every=timedelta(minutes=15))
