"""Make the database itself refuse two first-rank bookings that share an instant of a space.

What it says stands in events/models/clash_ban.py, since SQLite loses it whenever a later migration remakes a table.
"""

from django.db import migrations

from events.models import clash_ban


def create(apps, schema_editor):
    clash_ban.create_clash_ban(schema_editor.connection)


def drop(apps, schema_editor):
    clash_ban.drop_clash_ban(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_first")]

    operations = [migrations.RunPython(create, drop)]
