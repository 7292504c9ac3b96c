"""When an objection that its guardian did not answer in time passed to the officers."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("families", "0003_a_proof_about_this_child")]

    operations = [
        migrations.AddField(
            "objection",
            "passed_at",
            models.DateTimeField(
                null=True, help_text="when its guardian's time was over and the officers' began"
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                name="families_objection_passes_from_a_guardian",
                condition=Q(passed_at__isnull=True) | Q(to="guardian", passed_at__gte=F("created_at")),
            ),
        ),
    ]
