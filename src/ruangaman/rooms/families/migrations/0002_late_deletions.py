"""By when processing must stop after a withdrawal, and a guardian's complaint about a late deletion."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0001_families")]

    operations = [
        migrations.AddField(
            "deletiontask",
            "stop_at",
            models.DateTimeField(null=True, help_text="by when processing must stop (UU PDP Art. 40)"),
        ),
        migrations.AddField(
            "deletiontask",
            "stop_doubt",
            models.JSONField(default=dict, help_text="{id, en}: what is unclear about that time"),
        ),
        migrations.AddField("deletiontask", "complained_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "deletiontask", "complaint", models.UUIDField(null=True, help_text="vault: a guardian's words")
        ),
    ]
