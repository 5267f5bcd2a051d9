"""How does a newcomer sign in as each demo role? By a one-time link, on a development machine only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.domain.sign_in_links import make_link
from accounts.models import User
from accounts.roles import ROLES


class Command(BaseCommand):
    help = "Prints a one-time sign-in link for each demo role (after seed_demo). Refused in production."

    def add_arguments(self, parser):
        parser.add_argument("--site", default=settings.SITE_URL, help="the address at which the pages answer")

    def handle(self, *args, site: str, **options):
        if settings.PRODUCTION:
            raise CommandError("Demo sign-in links are for development machines. People sign in by e-mail.")
        for role in ROLES:
            user = User.objects.filter(email=f"{role}@example.org", is_active=True).first()
            if user is not None:
                secret = make_link(user=user, now=timezone.now())
                self.stdout.write(f"{role:12}{site.rstrip('/')}{reverse('sign-in-link', args=[secret])}")
