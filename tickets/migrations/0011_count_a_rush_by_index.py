from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_ask_what_the_event_wants"),
        ("tickets", "0010_instruct_phones_and_note_presence"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="registration",
            name="tickets_registration_by_event",
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["event", "-created_at", "source"], name="tickets_registration_by_time"
            ),
        ),
    ]
