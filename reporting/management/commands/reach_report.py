"""Write the report of a target to a file: PDF, CSV, XLSX or JSON by its ending."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.domain.report_access import live_values
from reporting.faces import FACES, face_of
from reporting.forms import ReadingForm
from reporting.models import Target


class Command(BaseCommand):
    help = "Write the reach report of a target; the ending of FILE chooses the face."

    def add_arguments(self, parser):
        parser.add_argument("target", metavar="TARGET_SLUG")
        parser.add_argument("--as-at", metavar="DATETIME", default="", help="RFC 3339, or a local time")
        parser.add_argument("--public", action="store_true", help="as a public report would show it")
        parser.add_argument("-o", "--output", metavar="FILE", required=True)

    def handle(self, *args, target: str, as_at: str, public: bool, output: str, **options):
        path = Path(output)
        if path.suffix.lower().lstrip(".") not in FACES:
            raise CommandError(f"FILE must end in one of: {', '.join(FACES)}")
        if not path.parent.is_dir():
            raise CommandError("There is no such folder.")
        form = ReadingForm({"as_at": as_at, "public": public})
        if not form.is_valid():
            raise CommandError("--as-at must be a date and time, like 2026-12-01T09:30:00+00:00")
        found = Target.objects.filter(slug=target).first()
        if found is None:
            slugs = ", ".join(Target.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no target {target!r}. Targets: {slugs}")
        values = live_values(
            target=found,
            now=timezone.now(),
            by=None,
            face="command",
            as_at=form.cleaned_data["as_at"],
            public=public,
        )
        self._write(path, face_of(path.suffix.lower().lstrip("."), values).content)
        self.stdout.write(f"{path}: {values['value']} {values['unit']}, as at {values['as_at']}")

    def _write(self, path: Path, content: bytes) -> None:
        """All or nothing: an interrupted run leaves no half file."""
        part = path.with_name(path.name + ".part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
