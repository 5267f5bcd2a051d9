"""What are the figures, from the exported rows alone? Plain SQL in an SQLite of its own, one query a figure.

Written from the rules by another method than the product's, and without importing from it: rows in, figures
out. Moments are seconds since 1970; asked is one row that says what was asked.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]  # by table: columns, and rows

RULES = """
CREATE TABLE band (name, low, high);
INSERT INTO band VALUES ('under-11', 0, 10), ('11-13', 11, 13), ('14-15', 14, 15), ('16-17', 16, 17),
    ('18', 18, 18), ('19-24', 19, 24), ('25', 25, 25), ('26-plus', 26, 150);
CREATE TABLE borough (name, is_ours);
INSERT INTO borough VALUES ('halton', 1), ('knowsley', 1), ('liverpool', 1), ('sefton', 1), ('st-helens', 1),
    ('wirral', 1), ('elsewhere', 0), ('not-known', 0);

-- Attendance: the last word by hand, else an admission at the entrance that stood at the moment.
CREATE TABLE edition AS
    SELECT *, ROW_NUMBER() OVER (ORDER BY starts_at, id) AS place FROM event WHERE status <> 'draft';
CREATE TABLE stood AS
    SELECT ticket_id, session_id FROM admission JOIN door_list ON door_list.id = door_list_id, asked
    WHERE recorded_at <= as_at AND (ended_at IS NULL OR ended_at > as_at);
CREATE TABLE said AS
    SELECT ticket_id, attendance FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY ticket_id ORDER BY recorded_at DESC, id DESC) AS place
        FROM correction, asked WHERE recorded_at <= as_at
    ) WHERE place = 1;
CREATE TABLE came AS
    SELECT ticket.*, edition.slug, edition.place FROM ticket JOIN edition ON edition.id = event_id
    WHERE COALESCE(
        (SELECT attendance FROM said WHERE ticket_id = ticket.id),
        (SELECT 'came' FROM stood WHERE ticket_id = ticket.id AND session_id IS NULL)
    ) = 'came';

-- Meetings: a session's own door, or the code of a session or stand.
CREATE TABLE took_part AS
    SELECT ticket_id, session_id FROM stood WHERE session_id IS NOT NULL
    UNION SELECT ticket_id, session_id FROM encounter JOIN point ON point.id = point_id, asked
    WHERE session_id IS NOT NULL AND encounter.recorded_at <= as_at;
CREATE TABLE at_stand AS
    SELECT ticket_id, exhibitor_id FROM encounter JOIN point ON point.id = point_id, asked
    WHERE exhibitor_id IS NOT NULL AND encounter.recorded_at <= as_at;
CREATE TABLE met AS
    SELECT ticket_id, 'encounter' AS rung FROM at_stand
    UNION SELECT ticket_id, 'encounter' FROM took_part JOIN session_exhibitors USING (session_id)
    UNION SELECT ticket_id, 'meaningful-encounter' FROM took_part JOIN session_exhibitors USING (session_id)
    JOIN session ON session.id = session_id
    WHERE purpose_shared AND outcomes_fitted AND two_way AND time_to_reflect;
CREATE TABLE met_strand AS
    SELECT ticket_id, strand_id FROM took_part JOIN session_strands USING (session_id)
    UNION SELECT ticket_id, strand_id FROM at_stand JOIN exhibitor_strands USING (exhibitor_id);

-- Persons: a human is the smallest of all that settled pairs lead to; at the fewest, undecided ones lead too.
CREATE TABLE pair AS
    SELECT first_id, second_id, COALESCE((
        SELECT decision FROM decision WHERE near_match_id = near_match.id AND decided_at <= as_at
        ORDER BY decided_at DESC, id DESC LIMIT 1
    ), 'undecided') AS word FROM near_match, asked WHERE found_at <= as_at;
CREATE TABLE human AS
    WITH RECURSIVE link(a, b) AS (
        SELECT first_id, second_id FROM pair WHERE word = 'same'
        UNION SELECT second_id, first_id FROM pair WHERE word = 'same'
    ), led(a, b) AS (
        SELECT person_id, person_id FROM ticket WHERE person_id IS NOT NULL
        UNION SELECT led.a, link.b FROM led JOIN link ON link.a = led.b
    ) SELECT a AS person_id, MIN(b) AS human FROM led GROUP BY a;
CREATE TABLE fewest AS
    WITH RECURSIVE link(a, b) AS (
        SELECT first_id, second_id FROM pair WHERE word <> 'different'
        UNION SELECT second_id, first_id FROM pair WHERE word <> 'different'
    ), led(a, b) AS (
        SELECT person_id, person_id FROM ticket WHERE person_id IS NOT NULL
        UNION SELECT led.a, link.b FROM led JOIN link ON link.a = led.b
    ) SELECT a AS person_id, MIN(b) AS one FROM led GROUP BY a;

-- Who counts: by age, home and, on the rungs of young people, not as an adult of a group.
CREATE TABLE eligible AS
    SELECT came.*, human.human FROM asked, came JOIN human USING (person_id)
    LEFT JOIN band ON band.name = age_band LEFT JOIN borough ON borough.name = borough
    WHERE (min_age IS NULL AND max_age IS NULL
        OR band.low >= COALESCE(min_age, 0) AND band.high <= COALESCE(max_age, 150))
    AND (residence = 'everyone' OR borough.is_ours) AND (asked.rung = 'engaged' OR NOT is_adult_of_group);
CREATE TABLE counted AS
    SELECT eligible.* FROM eligible, asked
    WHERE asked.rung IN ('reached', 'engaged') OR EXISTS (
        SELECT 1 FROM met WHERE met.rung = asked.rung AND met.ticket_id = eligible.id
    );
CREATE TABLE first AS
    SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY human ORDER BY place, id) AS nth FROM counted)
    WHERE nth = 1;

-- Heads: nobody's name is known; of an age that counts or is not known, on the rungs that ask for no meeting.
CREATE TABLE hand_count_that_stands AS
    SELECT * FROM hand_count, asked WHERE recorded_at <= as_at AND id NOT IN (
        SELECT supersedes_id FROM hand_count, asked WHERE supersedes_id IS NOT NULL AND recorded_at <= as_at);
CREATE TABLE heads AS
    SELECT number FROM (
        SELECT age_band, heads AS number FROM hand_count_that_stands WHERE NOT is_online
        UNION ALL SELECT age_band, 1 FROM came, asked
        WHERE person_id IS NULL AND (asked.rung = 'engaged' OR NOT is_adult_of_group)
    ) LEFT JOIN band ON band.name = age_band, asked
    WHERE asked.rung IN ('reached', 'engaged') AND (age_band = '' OR min_age IS NULL AND max_age IS NULL
        OR band.low >= COALESCE(min_age, 0) AND band.high <= COALESCE(max_age, 150));
"""

# A figure and its query: one number, or rows of a name and a number.
FIGURES = {
    "value": "SELECT COUNT(DISTINCT human) FROM counted",
    "low": "SELECT COUNT(DISTINCT one) FROM counted JOIN fewest USING (person_id)",
    "registered": """
        SELECT COUNT(*) FROM ticket JOIN edition ON edition.id = event_id
        JOIN registration ON registration.id = registration_id, asked
        WHERE issued_at <= as_at AND (ticket.state <> 'cancelled' OR registration.ended_at > as_at)""",
    "came": "SELECT COUNT(*) FROM came",
    "encounter": """
        SELECT COUNT(DISTINCT human) FROM eligible JOIN met ON met.ticket_id = eligible.id
        WHERE rung = 'encounter'""",
    "meaningful_encounter": """
        SELECT COUNT(DISTINCT human) FROM eligible JOIN met ON met.ticket_id = eligible.id
        WHERE rung = 'meaningful-encounter'""",
    "heads": "SELECT COALESCE(SUM(number), 0) FROM heads",
    "online": "SELECT COALESCE(SUM(heads), 0) FROM hand_count_that_stands WHERE is_online",
    "high": """
        SELECT (SELECT COUNT(DISTINCT human) FROM counted) + (SELECT COALESCE(SUM(number), 0) FROM heads)""",
    "duplicates_removed": "SELECT COUNT(*) - COUNT(DISTINCT human) FROM counted",
}
TABLES = {
    "by_borough": """
        SELECT borough.name, COUNT(first.id) FROM borough LEFT JOIN first ON first.borough = borough.name
        GROUP BY borough.name""",
    "by_age_band": """
        SELECT band.name, COUNT(first.id) FROM band LEFT JOIN first ON age_band = band.name
        GROUP BY band.name UNION ALL
        SELECT 'not-known', COUNT(*) FROM first WHERE age_band = '' HAVING COUNT(*) > 0""",
    "by_edition": """
        SELECT edition.slug, COUNT(DISTINCT human) FROM edition
        LEFT JOIN counted ON counted.event_id = edition.id GROUP BY edition.id""",
    "new": """
        SELECT edition.slug, COUNT(first.id) FROM edition LEFT JOIN first ON first.event_id = edition.id
        GROUP BY edition.id""",
    "by_strand": """
        SELECT strand.name, COUNT(DISTINCT human) FROM counted JOIN met_strand ON ticket_id = counted.id
        JOIN strand ON strand.id = strand_id GROUP BY strand.id""",
    "convergence": """
        SELECT CAST(wide AS TEXT), COUNT(*) FROM (
            SELECT COUNT(DISTINCT shape) AS wide FROM counted JOIN met_strand ON ticket_id = counted.id
            JOIN strand ON strand.id = strand_id WHERE shape <> 'none' GROUP BY human
        ) GROUP BY wide""",
    "by_school_type": """
        SELECT COALESCE(school_type.kind, 'not-recorded'), COUNT(*) FROM (
            SELECT human, registration_id,
                ROW_NUMBER() OVER (PARTITION BY human ORDER BY place, counted.id) AS nth
            FROM counted JOIN registration ON registration.id = registration_id
            WHERE registration.kind = 'group'
        ) AS group_ticket LEFT JOIN school_type USING (registration_id) WHERE nth = 1 GROUP BY 1""",
}


def second_computation(rows: Rows) -> dict[str, Any]:
    """rows: every exported table that RULES reads, and asked."""
    database = sqlite3.connect(":memory:")
    for table, (columns, lines) in rows.items():
        database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", lines)
    database.executescript(RULES)
    numbers = {name: database.execute(sql).fetchone()[0] for name, sql in FIGURES.items()}
    return numbers | {name: dict(database.execute(sql).fetchall()) for name, sql in TABLES.items()}
