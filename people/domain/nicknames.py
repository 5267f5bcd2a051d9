"""Which first name is short for which, or another way to spell it?

facts/first_names.txt: a name and, behind it in its line, its short forms and other spellings, folded. A small
list of names usual in the region, made for this product. A short name can stand for several full ones.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent.parent / "facts" / "first_names.txt"


def one_first_name(one: str, other: str) -> bool:
    """True where both could be the same first name: kate is catherine and katherine, jo may be josephine."""
    return not _could_be(one).isdisjoint(_could_be(other))


def _could_be(name: str) -> frozenset[str]:
    return _full_forms().get(name, frozenset()) | {name}


@cache
def _full_forms() -> dict[str, frozenset[str]]:
    """By a short form: the full names for which it stands."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in FACTS.read_text(encoding="ascii").splitlines():
        full, *others = line.split()
        for other in others:
            found[other].add(full)
    return {other: frozenset(full) for other, full in found.items()}
