import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0001_first")]

    operations = [
        migrations.AlterField(
            model_name="bookingcover",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="covers", to="events.booking"
            ),
        ),
    ]
