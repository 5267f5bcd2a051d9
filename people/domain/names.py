"""Is this a name, and is it the same name, however it was typed?"""

import re
import unicodedata
from functools import cache

from anyascii import anyascii

MAX_NAME = 200

# Letters by their category that show nothing: fillers of Korean script and the blank of Braille.
_UNSEEN_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f\ufe00-\ufe0f"
_UNSEEN_LETTER = re.compile(f"[{_UNSEEN_LETTERS}]")
# What devices and alphabets write where a keyboard has one straight apostrophe.
_APOSTROPHE = re.compile("['`´‘’‚‛′‵ʹʻʼʽʾʿˈˊˋꞌ＇՚׳״ٴ]")
_OF_LATIN_LETTERS = re.compile(r"[a-z ]+")
_HAN = re.compile("([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def name_fault(name: str) -> str | None:
    """Why a name cannot be taken, in words for its owner; None where it is fine. Any script is fine."""
    if not without_unseen(name).strip():
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


def without_unseen(text: str) -> str:
    """Without direction signs, joiners, soft hyphens and whatever else is written and not seen."""
    if text.isascii():
        return text
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return _UNSEEN_LETTER.sub("", seen)


def fold_name(name: str) -> str:
    """The one form of a name by which it is compared and looked for: small Latin letters, digits, spaces.

    Case, accents, apostrophes, kinds of hyphen and space, and signs that nobody sees are gone. Letters of
    other alphabets are written in Latin ones, a Chinese name one syllable a word, so that both ways of
    writing it are found. Of a name without any letter what is seen of it stays.
    """
    folded = name.casefold()
    if not _OF_LATIN_LETTERS.fullmatch(folded):
        folded = _in_latin(_APOSTROPHE.sub("", without_unseen(name)))
    return " ".join(folded.split()) or " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _in_latin(name: str) -> str:
    text = unicodedata.normalize("NFKD", _HAN.sub(r" \1 ", unicodedata.normalize("NFKC", name).casefold()))
    return "".join(_sign_in_latin(sign) for sign in text)


@cache
def _sign_in_latin(sign: str) -> str:
    """A mark is nothing, a letter is Latin letters, a digit a digit, whatever else a space."""
    kind = unicodedata.category(sign)
    if kind[0] == "M":
        return ""
    if kind[0] not in "LN":
        return " "
    return re.sub(r"[^a-z0-9]", "", anyascii(sign).lower())
