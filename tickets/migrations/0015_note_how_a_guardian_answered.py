from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """How a guardian's yes or no reached us: by their link, at the door, by telephone. Until now by the link."""

    dependencies = [("tickets", "0014_index_admissions_by_ticket_too")]

    operations = [
        migrations.AddField(
            model_name="guardian",
            name="answered_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("link", "By their own link"),
                    ("not-asked", "Not asked: the event needs no yes"),
                    ("here", "At the door"),
                    ("telephone", "By telephone, to a supervisor at the door"),
                ],
                default="link",
                help_text="empty until answered",
                max_length=9,
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="guardian", name="tickets_guardian_answer_has_time"),
        migrations.AddConstraint(
            model_name="guardian",
            constraint=models.CheckConstraint(
                condition=Q(answer="asked") | (Q(answered_at__isnull=False) & ~Q(answered_how="")),
                name="tickets_guardian_answer_has_time",
            ),
        ),
    ]
