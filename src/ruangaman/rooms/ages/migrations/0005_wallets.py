from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ages", "0004_results_end"),
    ]

    operations = [
        migrations.CreateModel(
            name="WalletTrust",
            fields=[
                ("slug", models.SlugField(max_length=40, primary_key=True, serialize=False)),
                (
                    "assurance",
                    models.CharField(
                        help_text="the most that a credential of this list is worth", max_length=10
                    ),
                ),
                ("anchors", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("sealed__isnull", False)), fields=["ended_at"], name="ages_attempt_sealed"
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("response_code__isnull", False)),
                fields=["response_code"],
                name="ages_attempt_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallettrust",
            constraint=models.CheckConstraint(
                condition=models.Q(("assurance__in", ("asserted", "standard", "enhanced", "strict"))),
                name="ages_wallet_trust_assurance",
            ),
        ),
    ]
