from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Settings and commands over the whole house"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the checks
