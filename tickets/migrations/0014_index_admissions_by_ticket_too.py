import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0013_index_admissions_by_door"),
    ]

    operations = [
        migrations.AlterField(
            model_name="admission",
            name="ticket",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="admissions",
                to="tickets.ticket",
            ),
        ),
        migrations.AddIndex(
            model_name="admission",
            index=models.Index(
                fields=["ticket", "door_list", "recorded_at", "ended_at", "admitted_at"],
                name="tickets_admission_of_ticket",
            ),
        ),
    ]
