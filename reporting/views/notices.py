"""In which words does the desk's first page say what waits?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from reporting.domain.today import Waiting


@dataclass(frozen=True)
class Notice:
    """One thing that waits: said in full where it stands first, in a line below the first.

    sentence and line end without a full stop; more is the paragraph under the heading, or nothing.
    """

    sentence: str
    line: str
    more: str
    address: str
    action: str


def notice_of(one: Waiting) -> Notice:
    return _WORDS[one.what](one)


def _conflicts(one: Waiting) -> Notice:
    scans = _count(one.number, "scan at", "scans at")
    sentence = f"{scans} the door of {one.event} {_either(one.number, 'needs', 'need')} a decision"
    action = f"Look at {_either(one.number, 'it', 'them')}"
    return _notice(sentence, _of(one, "desk-door-settle"), action)


def _hold(one: Waiting) -> Notice:
    sentence = f"A hold lapses {_moment(one.due_at)}"
    return _about(one, sentence, reverse("desk-booking", args=[one.number]), "Confirm or release it")


def _capacity(one: Waiting) -> Notice:
    sentence = f"{one.number} {_either(one.number, 'capacity is', 'capacities are')} not confirmed"
    return _about(one, sentence, reverse("desk-venues"), "Ask, and note who said so")


def _parties(one: Waiting) -> Notice:
    groups = _count(one.number, "group waits", "groups wait")
    return _notice(f"{groups} for your answer at {one.event}", _of(one, "desk-parties"), "Say yes or no")


def _mail(one: Waiting) -> Notice:
    sentence = f"{_count(one.number, 'mail', 'mails')} could not be delivered"
    more = "The people they were for do not know what they say."
    return _notice(sentence, reverse("desk-mail"), "See which", more=more)


def _held_mail(one: Waiting) -> Notice:
    sentence = f"{_count(one.number, 'mail is', 'mails are')} held since a backup was restored"
    more = f"Somebody has to say whether to send {_either(one.number, 'it', 'them')}."
    return _notice(sentence, reverse("desk-mail"), "Decide", more=more)


def _guardians(one: Waiting) -> Notice:
    have = _either(one.number, "guardian has", "guardians have")
    sentence = f"{one.number} {have} not answered for {one.event}"
    more, line = "The places are kept for 48 hours.", ""
    if one.due_at:
        more += f" The first is free again {_moment(one.due_at)}."
        line = f"{sentence}; the first place is free again {_moment(one.due_at)}"
    address = f"{_of(one, 'desk-registrations')}?state=on-hold"
    return _notice(sentence, address, "See who is on hold", more=more, line=line)


def _waiting_list(one: Waiting) -> Notice:
    people = _count(one.number, "person waits", "people wait")
    return _notice(
        f"{people} for a place at {one.event}",
        _of(one, "desk-places"),
        "See whether there may be more places",
    )


def _draft(one: Waiting) -> Notice:
    address = _of(one, "desk-event")
    return _notice(f"{one.event} is still a draft", address, "Go on planning", more="Nobody outside sees it.")


def _close(one: Waiting) -> Notice:
    more = "Close its books once all phones have sent their scans."
    return _notice(f"{one.event} is over", _of(one, "desk-event-close"), "Close its books", more=more)


_WORDS: dict[str, Callable[[Waiting], Notice]] = {
    "conflicts": _conflicts,
    "hold": _hold,
    "capacity": _capacity,
    "parties": _parties,
    "mail": _mail,
    "held-mail": _held_mail,
    "guardians": _guardians,
    "waiting-list": _waiting_list,
    "draft": _draft,
    "close": _close,
}


def _notice(sentence: str, address: str, action: str, *, more: str = "", line: str = "") -> Notice:
    return Notice(sentence=sentence, line=line or sentence, more=more, address=address, action=action)


def _about(one: Waiting, sentence: str, address: str, action: str) -> Notice:
    return _notice(sentence, address, action, more=f"{one.about}.", line=f"{sentence}: {one.about}")


def _of(one: Waiting, name: str) -> str:
    assert one.event is not None, one.what
    return reverse(name, args=[one.event.slug])


def _count(number: int, single: str, many: str) -> str:
    return f"{intcomma(number)} {_either(number, single, many)}"


def _either(number: int, single: str, many: str) -> str:
    return single if number == 1 else many


def _moment(due_at: datetime | None) -> str:
    return date_format(localtime(due_at), "l j F, H:i")
