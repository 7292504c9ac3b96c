import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits for an officer or a platform, its answer, and who opened it; the permission of officers."""

    dependencies = [
        ("access", "0002_idempotency_keys_are_taken_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=9)),
                ("ref", models.UUIDField(help_text="in families", unique=True)),
                ("by", models.CharField(help_text="child or guardian", max_length=8)),
                (
                    "said",
                    models.CharField(
                        blank=True, default="", help_text="a word of a closed list", max_length=8
                    ),
                ),
                ("has_words", models.BooleanField(default=False)),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "safe_at",
                    models.DateTimeField(
                        help_text="the earliest reading where the law is unclear", null=True
                    ),
                ),
                ("articles", models.JSONField(default=list)),
                (
                    "doubt",
                    models.JSONField(default=dict, help_text="{id, en}: what is unclear about the due time"),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, default="", max_length=8)),
                (
                    "family",
                    models.UUIDField(help_text="vault: the key under which the answer is sealed", null=True),
                ),
                ("reason", models.UUIDField(help_text="vault: {id, en}", null=True)),
                (
                    "role",
                    models.CharField(
                        blank=True, default="", help_text="who answered at the platform", max_length=80
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="access.accesssession",
                    ),
                ),
            ],
            options={
                "permissions": [("answer_matter", "May read and answer what people write to the officers")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MatterReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="access.matter",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)), fields=["due_at"], name="access_matter_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("objection", "age", "complaint", "copy", "delete"))),
                name="access_matter_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__in", ("child", "guardian"))), name="access_matter_by"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True),
                        ("decision", ""),
                        ("officer__isnull", True),
                        ("reason__isnull", True),
                        ("role", ""),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("decision__in", ("granted", "declined")),
                        ("reason__isnull", False),
                        models.Q(
                            models.Q(("officer__isnull", False), ("role", "")),
                            models.Q(
                                ("kind__in", ("copy", "delete")),
                                ("officer__isnull", True),
                                models.Q(("role", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="access_matter_answer_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="matterreading",
            constraint=models.UniqueConstraint(fields=("matter", "officer"), name="access_one_reading_each"),
        ),
    ]
