"""What an operator states of how its service handles data; nothing is stated for those that are there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_matters_end_with_their_family")]

    operations = [
        migrations.AddField(
            "service",
            "handling",
            models.JSONField(
                default=dict,
                blank=True,
                help_text="what the operator states of how it handles data (docs/guides/platform.md); left out: not stated",
            ),
        ),
        migrations.AlterField(
            "service",
            "data_requested",
            models.JSONField(
                default=list,
                blank=True,
                help_text="[{id, en}], with pii_optional and the like where they are stated",
            ),
        ),
    ]
