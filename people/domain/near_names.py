"""How alike are two names that do not fold into one?"""

import re

from rapidfuzz.distance import OSA

from people.domain.nicknames import one_first_name

NICKNAME = "nickname"
MISSPELT = "misspelt name"
OTHER_PARTS = "parts of the name in another order, joined or left out"

LEAST_LETTERS = 6  # of a name in which one letter may be wrong
MANY_LETTERS = 12  # of one in which two may be
# Two letters that other keyboards write as one with a mark: Müller is Mueller, Ångström is Aangstrom.
_TWO_FOR_ONE = re.compile("(?:(a)a)|(?:([aou])e)")


def likeness(one: str, other: str) -> str:
    """Why these two folded names may be one person's, or nothing. Digits are never misspelt."""
    if one == other or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return ""
    if _has_the_same_parts(one, other):
        return OTHER_PARTS
    first, rest = _first_and_rest(one)
    other_first, other_rest = _first_and_rest(other)
    if one_first_name(first, other_first) and (rest == other_rest or _is_misspelt(rest, other_rest)):
        return NICKNAME if first != other_first else MISSPELT
    if rest and rest == other_rest and 1 in (len(first), len(other_first)) and first[0] == other_first[0]:
        return OTHER_PARTS
    if _TWO_FOR_ONE.sub(r"\1\2", one) == _TWO_FOR_ONE.sub(r"\1\2", other) or _is_misspelt(one, other):
        return MISSPELT
    return ""


def _first_and_rest(name: str) -> tuple[str, str]:
    first, _, rest = name.partition(" ")
    return first, rest


def _has_the_same_parts(one: str, other: str) -> bool:
    """The same words in another order or written as one, or one has a word more, such as a middle name."""
    words, other_words = one.split(), other.split()
    if sorted(words) == sorted(other_words) or not _turned(words).isdisjoint(_turned(other_words)):
        return True
    fewer, more = sorted((words, other_words), key=len)
    return len(fewer) >= 2 and set(fewer) < set(more)


def _turned(words: list[str]) -> set[str]:
    """The words written as one, from each of them on round to the one before it: surname first or last."""
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}


def _is_misspelt(one: str, other: str) -> bool:
    """One letter, in a long name two, wrong, missing or swapped with its neighbour."""
    longest = max(len(one), len(other))
    if longest < LEAST_LETTERS:
        return False
    most = 1 if longest < MANY_LETTERS else 2
    return OSA.distance(one, other, score_cutoff=most) <= most
