"""Make a personal API token."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.domain.tokens import issue_token
from accounts.models import User


class Command(BaseCommand):
    help = "Print a new personal API token of EMAIL as the last word. Earlier tokens stay valid."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email: str, **options):
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        self.stdout.write(f"API token of {email}: {issue_token(user=user, now=timezone.now())}")
