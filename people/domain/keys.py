"""By which keyed digests is a person known again?"""

import hmac
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from people.domain.birth_times import Born, born, cohorts
from people.domain.contacts import normal_email, normal_phone
from people.domain.names import fold_name
from people.models import PersonKey

Key = tuple[str, bytes]  # kind and digest
Kind = PersonKey.Kind


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a registration says about who somebody is; nothing of it is kept here.

    emails, phones: their own and their guardian's, never a teacher's or an emergency contact's. school: as
    it is known again. age_band: where the age is not known. is_unique: an address of theirs that has a ticket
    at the event already is refused a second.
    """

    name: str
    day: date
    age: int | None = None
    age_band: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    school: str = ""
    is_unique: bool = True

    @property
    def born(self) -> Born:
        return born(age=self.age, band=self.age_band, day=self.day)


def keys_of(identity: Identity) -> list[Key]:
    """Every key that this gives, in a fixed order, so that two who lock them never wait for each other."""
    name = fold_name(identity.name)
    found = {(str(Kind.EMAIL), person_digest(name, one)) for one in identity.emails if one.strip()}
    for phone in filter(None, map(normal_phone, identity.phones)):
        found.add((str(Kind.PHONE), _digest(Kind.PHONE, name, phone)))
    if identity.school:
        first, *_, last = ["", *name.split()]
        for cohort in cohorts(age=identity.age, band=identity.age_band, day=identity.day):
            place = f"{identity.school}\0{cohort}"
            found.add((str(Kind.SCHOOL), _digest(Kind.SCHOOL, name, place)))
            found.add((str(Kind.COARSE), _digest(Kind.COARSE, f"{name[:1]} {last or first}", place)))
    return sorted(found)


def person_digest(name: str, email: str) -> bytes:
    """Of a name with an address: 32 bytes. Twins and a class on one address stay apart by their names.

    How name and address were typed does not matter.
    """
    return _digest(Kind.EMAIL, fold_name(name), normal_email(email))


def _digest(kind: str, name: str, with_what: str) -> bytes:
    text = f"{kind}\0{name}\0{with_what}"
    return hmac.digest(settings.PERSON_KEY.encode(), text.encode("utf-8", "surrogatepass"), "sha256")
