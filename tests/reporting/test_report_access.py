"""Who may open which page of this floor?"""

import pytest
from django.utils import timezone

from accounts.domain.tokens import issue_token
from reporting.domain.publishing import publish_report
from reporting.models import ReportAccess
from tests.reporting.programme import make_programme

pytestmark = pytest.mark.django_db
FILES = ["report.pdf", "report.csv", "report.json", "report.xlsx"]


@pytest.fixture
def target():
    return make_programme(people=30)[0]


@pytest.mark.parametrize("path", ["", *FILES])
def test_pages_are_closed_to_strangers_and_to_venues(client, target, venue_person, path):
    address = f"/desk/reach/{target.slug}/{path}"

    signed_out = client.get(address)
    client.force_login(venue_person)
    venue = client.get(address)

    assert signed_out.status_code == 302
    assert venue.status_code == 403


def test_live_figures_are_the_organisers_and_are_logged(client, target, organiser):
    client.force_login(organiser)

    answer = client.get(f"/desk/reach/{target.slug}/report.json")

    assert answer.status_code == 200
    assert [(one.opened_by, one.face) for one in ReportAccess.objects.all()] == [(organiser, "json")]


def test_the_board_sees_published_reports_alone(client, target, organiser, board_member):
    client.force_login(board_member)
    before = client.get(f"/desk/reach/{target.slug}/report.json")
    report = publish_report(target=target, by=organiser, now=timezone.now())
    after = client.get(f"/desk/reach/{target.slug}/report.json")
    page = client.get(f"/desk/reach/{target.slug}/")

    assert before.status_code == 404
    assert after.json() == report.report
    assert "Published report 1" in page.content.decode()
    assert client.post(f"/desk/reach/{target.slug}/publish/").status_code == 403
    assert not ReportAccess.objects.exists()


def test_a_wrong_method_or_moment_is_answered_in_words(client, target, organiser):
    client.force_login(organiser)

    assert client.post(f"/desk/reach/{target.slug}/").status_code == 405
    assert client.get(f"/desk/reach/{target.slug}/publish/").status_code == 405
    assert client.get(f"/desk/reach/{target.slug}/?as_at=nonsense").status_code == 422
    assert client.get(f"/desk/reach/{target.slug}/?number={10**30}").status_code == 422
    assert client.get("/desk/reach/no-such-target/").status_code == 404


def test_the_api_answers_the_report_object(client, target, organiser, board_member, venue_person):
    def ask(user, query=""):
        token = issue_token(user=user, now=timezone.now())
        return client.get(
            f"/api/v1/reach/{target.slug}/{query}", headers={"authorization": f"Bearer {token}"}
        )

    live, public = ask(organiser), ask(organiser, "?public=1")

    assert live.status_code == 200
    assert live.json()["value"] == live.json()["high"]
    assert public.json()["value"] % 5 == 0
    assert public.json()["digest"] == ""
    assert ask(board_member).status_code == 404
    assert ask(venue_person).status_code == 403
    assert ask(organiser, "?as_at=x").status_code == 422
    assert client.get(f"/api/v1/reach/{target.slug}/").status_code == 401
