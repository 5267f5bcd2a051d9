"""What would close the gap? Places still open, expected no-shows, boroughs far below their share."""

from datetime import datetime

from people.boroughs import REGION, young_population
from reporting.domain.figures.counting import scope_events
from reporting.domain.goal import Goal
from reporting.domain.labels import BOROUGH_NAMES
from reporting.models import Target

FAR_BELOW = 0.5  # of the share that the borough has of the region's people aged 11 to 18
ENOUGH = 30  # people counted before shares are compared


def gap_lines(*, target: Target, values: dict, now: datetime) -> list[str]:
    """Sentences for an organiser, the most useful first; none where the promise is kept. One query."""
    goal = Goal.of(values["goal"])
    if goal.is_kept(values["low"]):
        return []
    missing = goal.low - values["value"]
    if missing <= 0:
        return [
            f"Settle the possible repeats: {goal} are sure only once {goal.low - values['low']} of them are."
        ]
    if target.rung == Target.Rung.INVITED:
        waiting = values["invitations"]["longlisted"] - values["invitations"]["invited"]
        return [
            f"{waiting} on the long list are not invited yet; {missing} more invitations keep the promise."
        ]
    coming = [
        event
        for event in scope_events(target)
        if event.ends_at > now and event.status == event.Status.PUBLISHED
    ]
    if target.rung == Target.Rung.EVENTS_HELD:
        planned = f"{len(coming)} planned and published" if coming else "none is planned and published yet"
        return [f"{missing} more to hold: {planned}."]
    lines = []
    open_places = sum(event.places_left for event in coming)
    taken = sum(event.places_taken for event in coming)
    if not coming:
        lines.append(f"No coming edition is published: plan one with at least {missing} places.")
    elif open_places:
        where = ", ".join(f"{event.places_left} at {event.title}" for event in coming if event.places_left)
        lines.append(f"{open_places} places are still open: {where}.")
    else:
        lines.append("Every place of the coming editions is taken: offer more, or call those who wait.")
    funnel = values["funnel"]
    seen = funnel["came"] + funnel["did_not_come"]
    if coming and seen and funnel["did_not_come"]:
        share = funnel["did_not_come"] / seen
        lines.append(
            f"Of every 100 who register, {round(100 * share)} do not come: "
            f"expect about {round(taken * (1 - share))} "
            f"of the {taken} who hold a place."
        )
        needed = round(missing / (1 - share)) if share < 1 else 0
        if needed:
            lines.append(f"To reach {missing} more, about {needed} registrations are needed.")
    return lines + _far_below(values)


def _far_below(values: dict) -> list[str]:
    counts = {borough: values["by_borough"].get(borough.value, 0) for borough in REGION}
    total = sum(counts.values())
    if total < ENOUGH:
        return []
    population = young_population()
    region = sum(population.values())
    lines = []
    for borough, number in counts.items():
        fair = population[borough] / region
        if number < FAR_BELOW * fair * total:
            lines.append(
                f"{BOROUGH_NAMES[borough.value]} has {round(100 * number / total)} % of those reached and "
                f"{round(100 * fair)} % of the region's people aged 11 to 18."
            )
    return lines
