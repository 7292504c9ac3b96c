"""What stays of a family that was forgotten: when, why, and a salted hash in the ledger."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("families", "0004_objections_pass_to_officers")]

    operations = [
        migrations.CreateModel(
            name="Forgotten",
            fields=[
                ("family", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(help_text="term, wish or operator", max_length=8)),
                ("body", models.JSONField()),
                (
                    "digest",
                    models.BinaryField(help_text="SHA-256 of salt and body", max_length=32, unique=True),
                ),
                ("salt", models.BinaryField(max_length=32)),
                ("ledger_index", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(why__in=("term", "wish", "operator")), name="families_forgotten_why"
                    )
                ],
            },
        ),
    ]
