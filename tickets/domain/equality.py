"""Whom do we reach, and whom not? Counts of answers that nobody can join to a person."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from events.models import Event
from tickets.models import EqualityCount


@dataclass(frozen=True)
class Question:
    slug: str
    words: str
    answers: tuple[tuple[str, str], ...]


SAYS_NOTHING = ("not-said", "I'd rather not say")
# The groups of the GOV.UK equality questions, in their short form.
QUESTIONS = (
    Question(
        "gender",
        "Which of these are you?",
        (
            ("girl", "A girl or woman"),
            ("boy", "A boy or man"),
            ("other", "Another word fits me better"),
            SAYS_NOTHING,
        ),
    ),
    Question(
        "background",
        "What is your ethnic group?",
        (
            ("asian", "Asian or Asian British"),
            ("black", "Black, Black British, Caribbean or African"),
            ("mixed", "Mixed or more than one ethnic group"),
            ("white", "White"),
            ("other", "Another ethnic group"),
            SAYS_NOTHING,
        ),
    ),
    Question(
        "disability",
        "Do you have an illness or a disability that makes daily life harder?",
        (("yes", "Yes"), ("no", "No"), SAYS_NOTHING),
    ),
)


def count_answers(*, event: Event, answers: dict[str, str]) -> int:
    """Add one to the count of each answer; what is no question or no answer of ours is left out.

    No time, no order and no key is kept. Returns how many answers were counted.
    """
    known = {question.slug: {answer for answer, _ in question.answers} for question in QUESTIONS}
    given = [(question, answer) for question, answer in answers.items() if answer in known.get(question, ())]
    if not given:
        return 0
    with transaction.atomic():
        EqualityCount.objects.bulk_create(
            [
                EqualityCount(event=event, question=question.slug, answer=answer)
                for question in QUESTIONS
                for answer, _ in question.answers
            ],
            ignore_conflicts=True,
        )
        for question, answer in sorted(given):
            EqualityCount.objects.filter(event=event, question=question, answer=answer).update(
                people=F("people") + 1
            )
    return len(given)


def counted_answers(*, events: Any) -> dict[str, dict[str, int]]:
    """Exact counts over some events, by question and answer. For people who may see exact figures."""
    counts = {question.slug: dict.fromkeys(dict(question.answers), 0) for question in QUESTIONS}
    for row in EqualityCount.objects.filter(event__in=events):
        if row.answer in counts.get(row.question, {}):
            counts[row.question][row.answer] += row.people
    return counts
