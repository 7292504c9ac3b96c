"""Which entries of the status lists of consents accounts have."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_accounts_of_openid_connect"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatusEntry",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("request", models.UUIDField(null=True, unique=True)),
                ("sealed", models.UUIDField(help_text="vault: {list, idx}")),
                (
                    "status",
                    models.PositiveSmallIntegerField(default=0, help_text="0 valid, 1 invalid, 2 suspended"),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_entries",
                        to="access.accesssession",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("request__isnull", True), models.Q(("status", 1), _negated=True)),
                        fields=("session",),
                        name="access_one_entry_without_a_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", (0, 1, 2))), name="access_entry_status"
                    ),
                ],
            },
        ),
    ]
