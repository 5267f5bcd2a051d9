"""Sign in at the desk by the code in the mail, as a person does."""

import re

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page

from outbox.domain.mail_delivery import send_due
from tests.browser.door_phone import TRAVEL


def sign_in_by_code(page: Page, address: str, email: str) -> None:
    """Ends on the desk's first page."""
    page.goto(f"{address}/desk/")
    page.get_by_label("Your email address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    code = page.get_by_label("The code from the email")
    code.wait_for(timeout=TRAVEL)
    send_due(now=timezone.now())
    code.fill(re.search(r"^\s*([A-Z0-9-]{6,})\s*$", str(mail.outbox[-1].body), re.M)[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/desk/", timeout=TRAVEL)
