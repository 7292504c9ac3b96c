"""Whether an office compares names, and the child's own word where none can."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0002_late_deletions"),
    ]

    operations = [
        migrations.AddField(
            model_name="verdictprovider",
            name="checks_names",
            field=models.BooleanField(
                default=False, help_text="whether this office says if the child's name fits; then it must fit"
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("family", models.UUIDField(db_index=True)),
                (
                    "pair",
                    models.BinaryField(
                        help_text="keyed hash of provider and both pairwise ids", max_length=32
                    ),
                ),
                ("relation", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("mine", models.BooleanField(help_text="what the child said", null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="families.consentrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "pair"), name="families_one_claim_per_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("relation__in", ("mother", "father", "guardian", "parent"))),
                        name="families_claim_relation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("mine__isnull", True)),
                            models.Q(("answered_at__gte", models.F("asked_at")), ("mine__isnull", False)),
                            _connector="OR",
                        ),
                        name="families_claim_answered",
                    ),
                ],
            },
        ),
    ]
