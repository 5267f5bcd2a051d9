"""Who says what about themselves? The answers to the equality questions, counted and rounded."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.guards import desk_required
from events.models import Event
from reporting.domain.disclosure import public_number
from reporting.rules import may_see_live
from tickets.domain.equality import QUESTIONS, counted_answers


@require_safe
@desk_required(may_see_live)
def answers_page(request):
    """Over all editions, by the disclosure rule: nobody's answer can be told from a small count."""
    counts = counted_answers(events=Event.objects.public())
    questions = [
        {
            "words": question.words,
            "answers": [
                (words, public_number(counts[question.slug][slug])) for slug, words in question.answers
            ],
        }
        for question in QUESTIONS
    ]
    return render(request, "reporting/answers.html", {"questions": questions})
