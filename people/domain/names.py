"""Is this a name, and is it the same name, however it was typed?"""

import re
import unicodedata

MAX_NAME = 200


_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff]")


def name_fault(name: str) -> str | None:
    """Why a name cannot be taken, in words for its owner; None where it is fine. Any script is fine."""
    if not name.strip() or not _INVISIBLE.sub("", name).strip():
        return "Enter a name"
    if len(name) > MAX_NAME:
        return f"Enter a name of {MAX_NAME} characters or fewer"
    return text_fault(name, lines=False)


def text_fault(text: str, *, lines: bool = True) -> str | None:
    """Why a text cannot be taken: control characters and broken letters are refused, nothing else."""
    allowed = "\n\r\t" if lines else ""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed:
            return "Remove the characters that cannot be shown"
    return None


def normal_name(name: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())
