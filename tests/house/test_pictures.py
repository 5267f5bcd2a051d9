"""Are the pictures for home screens and shared links whole and small?"""

import re
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from tests import factories

PICTURES = Path(__file__).resolve().parents[2] / "static/pictures"
SIZES = {
    "share.png": (1200, 630),
    "touch.png": (180, 180),
    "door-192.png": (192, 192),
    "door-512.png": (512, 512),
    "door-touch.png": (180, 180),
}


def test_each_picture_is_a_small_png_of_its_size():
    kept = sorted(PICTURES.glob("*.png"))

    found = {path.name: Image.open(path) for path in kept}
    assert {name: picture.size for name, picture in found.items()} == SIZES
    assert all(picture.convert("RGB").getcolors() for picture in found.values())
    assert max(path.stat().st_size for path in kept) < 10_000


@pytest.mark.django_db
def test_a_shared_link_has_a_picture_a_title_and_one_address(settings):
    event = factories.make_event(title="Sound <Day>", summary="Make noise.")

    page = Client().get(f"/e/{event.slug}/").content.decode()

    assert f'<link rel="canonical" href="{settings.SITE_URL}/e/{event.slug}/">' in page
    assert '<meta property="og:title" content="Sound &lt;Day&gt;">' in page
    assert re.search(r'<meta\s+property="og:description"\s+content="Make noise\."\s*>', page)
    assert f'<meta property="og:image" content="{settings.SITE_URL}/static/pictures/share.png">' in page


def test_the_door_can_be_installed():
    icons = Client().get("/door/manifest.webmanifest").json()["icons"]

    assert {icon["sizes"] for icon in icons} == {"any", "192x192", "512x512"}
