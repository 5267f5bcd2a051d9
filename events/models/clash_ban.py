"""How does the database itself refuse two first-rank bookings that share an instant of a space?

A booking of rank 1 that stands (held or confirmed) covers its space and each of its parts, for the whole
blocked time. The cover rows are written here by triggers, on both databases.

PostgreSQL: an exclusion constraint over the cover rows, which nobody may change by hand.
SQLite: triggers that look at the bookings themselves. A migration that remakes one of these tables would
fail on the view or lose the triggers, so events/apps.py takes the ban away before such a migration and
puts it back after every one.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

FAMILY = """
CREATE VIEW events_space_family (space_id, part_id) AS
WITH RECURSIVE family (space_id, part_id) AS (
    SELECT id, id FROM events_space
    UNION
    SELECT family.space_id, part.id FROM family JOIN events_space part ON part.parent_id = family.part_id
)
SELECT space_id, part_id FROM family
"""

# What should be covered now, for the bookings that fit the condition.
DUE = """
    SELECT booking.id, family.part_id, booking.blocked_from, booking.blocked_until
      FROM events_booking booking
      JOIN events_space_family family ON family.space_id = booking.space_id
     WHERE booking.state IN ('held', 'confirmed') AND booking.rank = 1
"""

POSTGRESQL = [
    FAMILY,
    """
    ALTER TABLE events_bookingcover ADD CONSTRAINT events_cover_no_clash EXCLUDE USING gist (
        int8range(space_id, space_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until, '[)') WITH &&
    )
    """,
    """
    ALTER TABLE events_booking ADD CONSTRAINT events_booking_blocks_set_up_and_clear_up CHECK (
        blocked_from = starts_at - setup_minutes * interval '1 minute'
        AND blocked_until = ends_at + clearup_minutes * interval '1 minute'
    )
    """,
    """
    CREATE FUNCTION events_cover_is_due(cover events_bookingcover) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (
            SELECT 1 FROM events_booking booking
              JOIN events_space_family family ON family.space_id = booking.space_id
             WHERE booking.id = cover.booking_id AND family.part_id = cover.space_id
               AND booking.state IN ('held', 'confirmed') AND booking.rank = 1
               AND booking.blocked_from = cover.blocked_from AND booking.blocked_until = cover.blocked_until
        )
    $$
    """,
    f"""
    CREATE FUNCTION events_write_covers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM events_bookingcover cover WHERE NOT events_cover_is_due(cover.*)
           AND (TG_TABLE_NAME = 'events_space' OR cover.booking_id = OLD.id OR cover.booking_id = NEW.id);
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO events_bookingcover (booking_id, space_id, blocked_from, blocked_until)
            {DUE} AND (TG_TABLE_NAME = 'events_space' OR booking.id = NEW.id)
            ON CONFLICT (booking_id, space_id) DO NOTHING;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER events_booking_covers AFTER INSERT OR UPDATE OR DELETE ON events_booking
        FOR EACH ROW EXECUTE FUNCTION events_write_covers()
    """,
    """
    CREATE TRIGGER events_space_moves AFTER UPDATE OF parent_id ON events_space
        FOR EACH ROW EXECUTE FUNCTION events_write_covers()
    """,
    """
    CREATE FUNCTION events_guard_covers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF events_cover_is_due(OLD) THEN
                RAISE EXCEPTION 'cover rows follow their booking' USING ERRCODE = 'check_violation';
            END IF;
            RETURN OLD;
        END IF;
        IF NOT events_cover_is_due(NEW) OR TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION 'cover rows follow their booking' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER events_cover_guard BEFORE INSERT OR UPDATE OR DELETE ON events_bookingcover
        FOR EACH ROW EXECUTE FUNCTION events_guard_covers()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER events_cover_guard ON events_bookingcover",
    "DROP TRIGGER events_space_moves ON events_space",
    "DROP TRIGGER events_booking_covers ON events_booking",
    "DROP FUNCTION events_guard_covers()",
    "DROP FUNCTION events_write_covers()",
    "DROP FUNCTION events_cover_is_due(events_bookingcover)",
    "ALTER TABLE events_booking DROP CONSTRAINT events_booking_blocks_set_up_and_clear_up",
    "ALTER TABLE events_bookingcover DROP CONSTRAINT events_cover_no_clash",
    "DROP VIEW events_space_family",
]

STANDS = "{row}.state IN ('held', 'confirmed') AND {row}.rank = 1"
CLASH_OF_NEW = f"""
    SELECT RAISE(ABORT, 'events_booking_clash') WHERE EXISTS (
        SELECT 1 FROM events_space_family mine
          JOIN events_space_family theirs ON theirs.part_id = mine.part_id
          JOIN events_booking other ON other.space_id = theirs.space_id
         WHERE mine.space_id = NEW.space_id AND other.id <> NEW.id AND {STANDS.format(row="other")}
           AND other.blocked_from < NEW.blocked_until AND other.blocked_until > NEW.blocked_from
    );
"""
# Text of one form, so that comparing text compares moments.
FORM = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'"
PERIOD_OF_NEW = f"""
    SELECT RAISE(ABORT, 'events_booking_blocks_set_up_and_clear_up')
     WHERE NEW.starts_at NOT GLOB {FORM} OR NEW.ends_at NOT GLOB {FORM}
        OR NEW.blocked_from NOT GLOB {FORM} OR NEW.blocked_until NOT GLOB {FORM}
        OR CAST(strftime('%s', NEW.blocked_from) AS integer)
           <> CAST(strftime('%s', NEW.starts_at) AS integer) - NEW.setup_minutes * 60
        OR CAST(strftime('%s', NEW.blocked_until) AS integer)
           <> CAST(strftime('%s', NEW.ends_at) AS integer) + NEW.clearup_minutes * 60;
"""
COVERS_OF = f"""
    DELETE FROM events_bookingcover WHERE {{scope}};
    INSERT INTO events_bookingcover (booking_id, space_id, blocked_from, blocked_until) {DUE} AND {{due}};
"""
SQLITE = [
    FAMILY,
    *(
        f"""
        CREATE TRIGGER events_booking_{name} BEFORE {moment} ON events_booking BEGIN {PERIOD_OF_NEW} END
        """
        for name, moment in (("period_insert", "INSERT"), ("period_update", "UPDATE"))
    ),
    *(
        f"""
        CREATE TRIGGER events_booking_{name} BEFORE {moment} ON events_booking
        WHEN {STANDS.format(row="NEW")} BEGIN {CLASH_OF_NEW} END
        """
        for name, moment in (("clash_insert", "INSERT"), ("clash_update", "UPDATE"))
    ),
    *(
        f"""
        CREATE TRIGGER events_booking_{name} AFTER {moment} ON events_booking BEGIN
            {COVERS_OF.format(scope="booking_id = NEW.id", due="booking.id = NEW.id")}
        END
        """
        for name, moment in (("covers_insert", "INSERT"), ("covers_update", "UPDATE"))
    ),
    """
    CREATE TRIGGER events_booking_covers_delete AFTER DELETE ON events_booking BEGIN
        DELETE FROM events_bookingcover WHERE booking_id = OLD.id;
    END
    """,
    f"""
    CREATE TRIGGER events_space_moves AFTER UPDATE OF parent_id ON events_space
    WHEN NEW.parent_id IS NOT OLD.parent_id BEGIN
        SELECT RAISE(ABORT, 'events_booking_clash') WHERE EXISTS (
            SELECT 1 FROM events_booking one
              JOIN events_space_family mine ON mine.space_id = one.space_id
              JOIN events_space_family theirs ON theirs.part_id = mine.part_id
              JOIN events_booking other ON other.space_id = theirs.space_id AND other.id > one.id
             WHERE {STANDS.format(row="one")} AND {STANDS.format(row="other")}
               AND other.blocked_from < one.blocked_until AND other.blocked_until > one.blocked_from
        );
        {COVERS_OF.format(scope="1", due="1")}
    END
    """,
]
SQLITE_BACK = [
    *(
        f"DROP TRIGGER IF EXISTS events_{name}"
        for name in (
            "space_moves",
            "booking_covers_delete",
            "booking_covers_insert",
            "booking_covers_update",
            "booking_clash_insert",
            "booking_clash_update",
            "booking_period_insert",
            "booking_period_update",
        )
    ),
    "DROP VIEW IF EXISTS events_space_family",
]


def create_clash_ban(connection: BaseDatabaseWrapper) -> None:
    _run(connection, POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


def drop_clash_ban(connection: BaseDatabaseWrapper) -> None:
    _run(connection, POSTGRESQL_BACK if connection.vendor == "postgresql" else SQLITE_BACK)


def clash_ban_stands(connection: BaseDatabaseWrapper) -> bool:
    """Whether SQLite still has every trigger. PostgreSQL remakes no table, so nothing is lost there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
        there = {name for (name,) in cursor.fetchall()}
    return all(statement.split()[-1] in there for statement in SQLITE_BACK)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
