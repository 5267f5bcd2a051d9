"""How is a log line written? As text or as one JSON object, and never with a secret or an address in it."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from foundation.addresses import every_route, has_secret

_EMAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+")
# PostgreSQL tells the values of a row that clashed.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS):.*$", re.MULTILINE)
_TOKEN = re.compile(r"\b(user|door|lcr)_[A-Za-z0-9_-]{16,}")
# Fields that our own lines carry beside their message.
FIELDS = ("method", "route", "status", "ms", "user", "request_id")


def masked(text: str) -> str:
    """The text without what opens something and without addresses."""
    # Before all routes are known nobody has asked for an address.
    if hasattr(sys.modules.get("config.urls"), "handler500"):
        text = _secret_path().sub(r"\1…", text)
    text = _EMAIL.sub("…@…", text)
    text = _TOKEN.sub(r"\1_…", text)
    return _DETAIL.sub(r"\1: …", text)


@cache
def _secret_path() -> re.Pattern:
    """The word before a secret in any route, and the part of the path that holds the secret."""
    words = set()
    for route in every_route():
        parts = route.pattern.split("/")
        words |= {before for before, part in pairwise(parts) if has_secret(part)}
    return re.compile(rf"(/(?:{'|'.join(sorted(map(re.escape, words)))})/)[^/\s?#\"']+")


class TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
