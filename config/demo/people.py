"""Who comes to the demo? Names, ages and boroughs drawn from lists by a fixed seed: everybody is fictional.

Addresses are of example.org, which is reserved; telephone numbers lie in 01632 960000 to 960999, which
Ofcom keeps free for drama. The same seed draws the same people each time.
"""

from collections.abc import Iterator, Sequence
from random import Random

from people.boroughs import Borough
from tickets.domain.age_rules import EMERGENCY_CONTACT_BELOW, GUARDIAN_BELOW
from tickets.domain.registration import Attendee, Contact

FIRST_NAMES = (
    "Ada",
    "Amara",
    "Aisha",
    "Alfie",
    "Ania",
    "Archie",
    "Ayo",
    "Bea",
    "Benji",
    "Billie",
    "Cara",
    "Callum",
    "Chidi",
    "Chloe",
    "Conor",
    "Daisy",
    "Dami",
    "Devon",
    "Eira",
    "Elif",
    "Ellis",
    "Erin",
    "Ezra",
    "Farah",
    "Finn",
    "Freya",
    "Gethin",
    "Grace",
    "Hamza",
    "Hana",
    "Harvey",
    "Imani",
    "Isla",
    "Ivo",
    "Jamal",
    "Jess",
    "Jude",
    "Kaya",
    "Keir",
    "Kofi",
    "Lacey",
    "Leo",
    "Lina",
    "Luca",
    "Maeve",
    "Malik",
    "Mei",
    "Mina",
    "Nia",
    "Noor",
    "Olek",
    "Orla",
    "Otis",
    "Priya",
    "Quinn",
    "Rafi",
    "Rhys",
    "Rosa",
    "Ruby",
    "Sami",
    "Seren",
    "Skye",
    "Sol",
    "Tariq",
    "Theo",
    "Tilly",
    "Uma",
    "Vik",
    "Wren",
    "Xanthe",
    "Yara",
    "Yusuf",
    "Zadie",
    "Zain",
    "José",
    "Zoë",
    "Siân",
    "O'Shea",
)
LAST_NAMES = (
    "Abara",
    "Ainscough",
    "Ashdown",
    "Banerjee",
    "Birchall",
    "Brannigan",
    "Cavanagh",
    "Chowdhury",
    "Clegg",
    "Corrigan",
    "Dunmore",
    "Eccles",
    "Fairhurst",
    "Farooqi",
    "Fazakerley",
    "Gallimore",
    "Glover",
    "Halsall",
    "Hesketh",
    "Ibekwe",
    "Iqbal",
    "Jaworski",
    "Kavanagh",
    "Kowalczyk",
    "Larkhill",
    "Leyland",
    "Lunt",
    "Mather",
    "Mbeki",
    "McArdle",
    "Molyneux",
    "Nguyen",
    "Nowak",
    "Oduya",
    "Okafor",
    "Pennington",
    "Pilkington",
    "Quayle",
    "Rafferty",
    "Rimmer",
    "Roughley",
    "Sahin",
    "Scarisbrick",
    "Sefton-Lowe",
    "Sharples",
    "Silva",
    "Tarbuck-Ray",
    "Thornley",
    "Unsworth",
    "Varley",
    "Wexford",
    "Whelan",
    "Winstanley",
    "Yilmaz",
    "Zielinski",
)
BOROUGH_WEIGHTS = {
    Borough.LIVERPOOL: 33,
    Borough.WIRRAL: 18,
    Borough.SEFTON: 14,
    Borough.KNOWSLEY: 12,
    Borough.ST_HELENS: 11,
    Borough.HALTON: 9,
    Borough.ELSEWHERE: 2,
    Borough.NOT_KNOWN: 1,
}
ACCESS_NEEDS = (
    "I use a wheelchair.",
    "I need a quiet space for a break now and then.",
    "British Sign Language interpreter, please.",
    "Large print, please.",
    "I carry an adrenaline pen. My friend knows how to use it.",
)
# (youngest, oldest, weight), years on the event day
YOUNG_AGES = ((11, 13, 22), (14, 15, 30), (16, 17, 24), (18, 20, 14), (21, 25, 10))
ALL_AGES = ((6, 10, 4), (11, 15, 12), (16, 17, 14), (18, 25, 30), (26, 45, 26), (46, 72, 14))


class Crowd:
    """Draws one new person after another; no name comes twice."""

    def __init__(self, seed: str, *, ages: Sequence[tuple[int, int, int]] = YOUNG_AGES) -> None:
        self.random = Random(seed)  # noqa: S311  a demo draws the same people each time
        self.ages = ages
        self.seed = seed
        self._names = self._draw_names()
        self._taken: set[tuple[str, str]] = set()
        self._phones = 0

    def attendee(self, *, age: int | None = None, borough: str = "", surname: str = "") -> Attendee:
        first, last = self._name(surname)
        age = self.age() if age is None else age
        return Attendee(
            name=f"{first} {last}",
            age=age,
            borough=borough or self.borough(),
            email=address(first, last, self.seed),
            access_needs=self.random.choice(ACCESS_NEEDS) if self.random.random() < 0.05 else "",
            guardian=self.adult(last) if age < GUARDIAN_BELOW else None,
            emergency_contact=self.adult(last) if GUARDIAN_BELOW <= age < EMERGENCY_CONTACT_BELOW else None,
        )

    def family(self, size: int) -> list[Attendee]:
        """Brothers and sisters of one home, the youngest under 16, with the same guardian."""
        first = self.attendee(age=self.random.randint(11, 14))
        surname = first.name.split(" ", 1)[1]
        rest = [self.attendee(age=15, borough=first.borough, surname=surname) for _ in range(size - 1)]
        return [first, *(_with_guardian(one, first.guardian) for one in rest)]

    def adult(self, surname: str = "") -> Contact:
        first, last = self._name(surname)
        return Contact(name=f"{first} {last}", email=address(first, last, self.seed), phone=self.phone())

    def age(self) -> int:
        low, high, _ = self.random.choices(self.ages, weights=[weight for *_, weight in self.ages])[0]
        return self.random.randint(low, high)

    def borough(self) -> str:
        return self.random.choices(list(BOROUGH_WEIGHTS), weights=list(BOROUGH_WEIGHTS.values()))[0]

    def phone(self) -> str:
        self._phones = (self._phones + 1) % 1000
        return f"01632 960{self._phones:03d}"

    def _name(self, surname: str) -> tuple[str, str]:
        while True:
            first, last = next(self._names)
            name = (first, surname or last)
            if name not in self._taken:
                self._taken.add(name)
                return name

    def _draw_names(self) -> Iterator[tuple[str, str]]:
        pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
        self.random.shuffle(pairs)
        yield from pairs


def address(first: str, last: str, seed: str) -> str:
    """An address that belongs to nobody."""
    letters = "".join(letter for letter in f"{first}.{last}".lower() if letter.isascii() and letter in _PLAIN)
    return f"{letters}.{seed}@example.org"


_PLAIN = "abcdefghijklmnopqrstuvwxyz.-"


def _with_guardian(attendee: Attendee, guardian: Contact | None) -> Attendee:
    return Attendee(
        name=attendee.name,
        age=attendee.age,
        borough=attendee.borough,
        email=attendee.email,
        access_needs=attendee.access_needs,
        guardian=guardian,
    )
