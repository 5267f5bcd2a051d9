"""Print a one-time sign-in link for each demo role."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.domain.sign_in_links import make_link
from accounts.models import User
from config.demo.programme import STAFF


class Command(BaseCommand):
    help = "Print a one-time sign-in link for each demo role, good for 12 hours. Refused in production."

    def add_arguments(self, parser):
        parser.add_argument("--site", default=settings.SITE_URL, help="where the pages are served")

    def handle(self, *args, site: str, **options):
        if settings.PRODUCTION:
            raise CommandError("Demo users do not sign in by a printed link where strangers come.")
        for email, _, role in STAFF:
            user = User.objects.filter(email=email, is_active=True).first()
            if user is None:
                raise CommandError("The demo is not there. Run manage.py seed_demo first.")
            secret = make_link(user=user, now=timezone.now())
            self.stdout.write(f"{site.rstrip('/')}{reverse('sign-in-link', args=[secret])}  {role} ({email})")
