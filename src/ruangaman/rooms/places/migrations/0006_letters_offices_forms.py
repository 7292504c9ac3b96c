from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def look_again(apps: Any, _editor: Any) -> None:
    """Certificates that stand get their reminder: the clock computes it at its next second."""
    rows = apps.get_model("places", "Certificate").objects.filter(
        revoked_at__isnull=True, ended_at__isnull=True
    )
    rows.update(remind_at=models.F("valid_from"))


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0005_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CityForm",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField()),
                ("ledger_index", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("about", models.CharField(max_length=12)),
                ("ref", models.CharField(max_length=40)),
                ("why", models.CharField(max_length=12)),
                ("to", models.CharField(max_length=24)),
                ("office", models.BooleanField(default=False)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, default="", max_length=60)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="role",
            name="places_role_once",
        ),
        migrations.AddField(
            model_name="certificate",
            name="remind_at",
            field=models.DateTimeField(
                help_text="of the next reminder before its end; none for no more", null=True
            ),
        ),
        migrations.AddField(
            model_name="reportstep",
            name="done_on",
            field=models.DateField(help_text="the day on which the body says that it was done", null=True),
        ),
        migrations.AddField(
            model_name="reportstep",
            name="photo",
            field=models.JSONField(
                default=list, help_text="vault: the photo of what was done, under the report's key"
            ),
        ),
        migrations.AddField(
            model_name="reportstep",
            name="photo_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reportstep",
            name="photo_state",
            field=models.CharField(blank=True, default="", max_length=7),
        ),
        migrations.AddField(
            model_name="role",
            name="body",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("revoked_at__isnull", True)),
                fields=["remind_at"],
                name="places_certificate_reminds",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("photo_state__in", ("", "waiting", "shown", "refused"))),
                name="places_step_photo",
            ),
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("user", "city", "province", "role", "area", "body"),
                name="places_role_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="cityform",
            name="city",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="audit_forms", to="places.city"
            ),
        ),
        migrations.AddField(
            model_name="cityform",
            name="form",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.auditform"
            ),
        ),
        migrations.AddField(
            model_name="cityform",
            name="loaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="city",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="places.city"
            ),
        ),
        migrations.AddConstraint(
            model_name="cityform",
            constraint=models.UniqueConstraint(fields=("city", "number"), name="places_form_numbered"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["next_at"], name="places_letter_due"
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "queued"), _negated=True),
                fields=["ended_at"],
                name="places_letter_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("queued", "sent", "dropped", "given_up"))),
                name="places_letter_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "queued")),
                    models.Q(models.Q(("state", "queued"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="places_letter_ended",
            ),
        ),
        migrations.RunPython(look_again, migrations.RunPython.noop),
    ]
