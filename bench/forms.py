"""What does the public form send, and what does the API, for somebody who was made up?"""

import json
import os
import subprocess
import sys
from urllib.parse import urlencode

from bench.load import request_bytes
from bench.server import ROOT

COMMON = {"EMAIL_URL": "dummy:", "TRUSTED_PROXIES": "1"}


def form_posts(numbers: list[int]) -> list[bytes]:
    """The last step of the public form, stamped three seconds ago, each from an address of its own."""
    stamps = json.loads(run("-m", "bench.stamps", str(len(numbers)), environment=COMMON))
    csrf = "a" * 32
    posts = []
    for number, stamp in zip(numbers, stamps, strict=True):
        fields = {
            "csrfmiddlewaretoken": csrf,
            "stamp": stamp,
            "age": "19",
            "step": "confirm",
            "borough": "wirral",
            "name": f"Sam Form {words(number)}",
            "email": f"sam{number}@example.org",
        }
        headers = {
            "Cookie": f"csrf={csrf}",
            "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        }
        posts.append(request_bytes("POST", "/e/bench/register/", body=urlencode(fields), headers=headers))
    return posts


def words(number: int) -> str:
    """A number as letters: names have no digits."""
    return "".join(chr(97 + int(digit)) for digit in str(number))


def run(*arguments: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip().splitlines()[-1]
