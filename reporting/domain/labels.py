"""What is each key of a report called in words?"""

from people.boroughs import Borough
from people.domain.age_bands import AGE_BAND_LABELS
from reporting.models import Target

DONE = {
    Target.Rung.REGISTERED: "tickets registered",
    Target.Rung.ATTENDED: "attendances",
    Target.Rung.REACHED: "young people reached",
    Target.Rung.ENCOUNTER: "young people with an encounter",
    Target.Rung.MEANINGFUL_ENCOUNTER: "young people with a meaningful encounter",
    Target.Rung.ENGAGED: "people engaged",
    Target.Rung.INVITED: "influencers invited",
    Target.Rung.EVENTS_HELD: "editions held",
}

# Of these, coming registrations say where the figure will stand.
FORECAST_RUNGS = {Target.Rung.REACHED, Target.Rung.ENGAGED, Target.Rung.ATTENDED}

BOROUGH_NAMES = {borough.value: str(borough.label) for borough in Borough} | {
    Borough.ELSEWHERE.value: "Elsewhere",
    Borough.NOT_KNOWN.value: "Not known",
}

BAND_WORDS = AGE_BAND_LABELS | {"not-known": "age not known"}

FUNNEL_WORDS = {
    "registered": "Registered",
    "came": "Came",
    "did_not_come": "Did not come",
    "not_recorded": "Not recorded",
}

LADDER_WORDS = {
    "registered": ("Registered", "tickets issued and not cancelled"),
    "attended": ("Attended", "attendances: each ticket admitted, or recorded by hand"),
    "people": ("People", "distinct people who attended and count here"),
    "encounter": ("Encounter", "people who took part in an employer session or met an exhibitor"),
    "meaningful_encounter": ("Meaningful encounter", "people in a session that meets the four tests"),
}

EVIDENCE_WORDS = {
    "scans": "Scans at the door",
    "devices": "Door phones",
    "repeats": "Repeat scans that admitted nobody again",
    "overrides": "Decisions by a supervisor, with a reason",
    "undone": "Scans taken back, with a reason",
    "quarantined": "Scans set aside, which count for nothing",
    "conflicts": "Scans that two phones disagreed on",
    "hand_counts": "Hand counts, with reason and author",
    "corrections_by_hand": "Attendances recorded by hand, with reason and author",
    "duplicates_removed": "Repeat attendances by the same person, counted once",
    "possible_repeats": "Possible repeats not settled yet",
    "settled_same": "Pairs settled as one person",
    "encounters_recorded": "Meetings kept on tickets",
}

SCHOOL_TYPE_WORDS = {
    "mainstream": "Mainstream school",
    "special": "Special school",
    "alternative": "Alternative provision",
    "college": "College or sixth form",
    "club": "Youth club",
    "home": "Home education",
    "other": "Something else",
    "not-recorded": "Came with a group, type not recorded",
    "individual": "Came on their own account",
}
