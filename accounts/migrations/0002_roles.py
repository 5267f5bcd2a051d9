"""Every role is there from the start, so that an administrator has something to give; and the cache of several workers."""

from django.db import migrations

ROLES = ("organiser", "supervisor", "welfare", "venue", "board")


def make_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


def make_cache_table(apps, schema_editor):
    """Django's database cache, which several workers share; SQLite has one process and needs none."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE accounts_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
            " expires timestamp with time zone NOT NULL)"
        )
        schema_editor.execute("CREATE INDEX accounts_cache_expires ON accounts_cache (expires)")


def drop_cache_table(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE accounts_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(make_cache_table, drop_cache_table),
    ]
