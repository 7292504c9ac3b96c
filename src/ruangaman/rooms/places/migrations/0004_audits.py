# Audits of places: forms, seats, answers, photos, certificates, repairs.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0003_kla"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditForm",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=20)),
                ("body", models.JSONField()),
                ("rules", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditLimits",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                ("loaded_at", models.DateTimeField()),
                ("ledger_index", models.BigIntegerField()),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_limits",
                        to="places.city",
                    ),
                ),
                (
                    "loaded_by",
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
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("agreement", models.JSONField(null=True)),
                ("both_at", models.DateTimeField(null=True)),
                ("answers", models.JSONField(null=True)),
                ("result", models.JSONField(null=True)),
                ("rank", models.CharField(blank=True, default="", max_length=20)),
                ("why", models.CharField(blank=True, default="", max_length=20)),
                ("decided_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.auditform"
                    ),
                ),
                (
                    "limits",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.auditlimits",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditSeat",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("given_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("salt", models.BinaryField(null=True)),
                ("digest", models.BinaryField(null=True)),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="places.audit"
                    ),
                ),
                (
                    "user",
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
        migrations.CreateModel(
            name="AuditPhoto",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("item", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
                ("sent_sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("family", models.UUIDField()),
                ("parts", models.JSONField()),
                ("received_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(null=True)),
                ("kept_back_at", models.DateTimeField(null=True)),
                ("destroy_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="places.auditseat",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=60)),
                ("answer", models.CharField(max_length=12)),
                ("measure", models.DecimalField(decimal_places=3, max_digits=10, null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("received_at", models.DateTimeField()),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="places.auditseat",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditSending",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("reply", models.JSONField()),
                ("received_at", models.DateTimeField()),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sendings",
                        to="places.auditseat",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Space",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(blank=True, default="", max_length=40)),
                ("area", models.CharField(blank=True, default="", max_length=40)),
                ("made_at", models.DateTimeField()),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spaces", to="places.city"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("item", models.CharField(max_length=60)),
                ("severity", models.PositiveSmallIntegerField()),
                ("critical", models.BooleanField()),
                ("found_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("fixed_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "audit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="places.audit",
                    ),
                ),
                (
                    "fixed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.auditform"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.auditphoto",
                    ),
                ),
                (
                    "space",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="places.space"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("rank", models.CharField(max_length=20)),
                ("body", models.JSONField()),
                ("digest", models.BinaryField()),
                ("ledger_index", models.BigIntegerField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_why", models.CharField(blank=True, default="", max_length=20)),
                ("ended_at", models.DateTimeField(null=True)),
                ("over_index", models.BigIntegerField(null=True)),
                (
                    "audit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="places.audit",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "space",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="places.space",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="auditphoto",
            name="space",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="places.space"
            ),
        ),
        migrations.AddField(
            model_name="audit",
            name="space",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="places.space"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditlimits",
            constraint=models.UniqueConstraint(fields=("city", "number"), name="places_limits_numbered"),
        ),
        migrations.AddConstraint(
            model_name="auditseat",
            constraint=models.UniqueConstraint(fields=("audit", "number"), name="places_seat_numbered"),
        ),
        migrations.AddConstraint(
            model_name="auditseat",
            constraint=models.UniqueConstraint(fields=("audit", "user"), name="places_seat_once"),
        ),
        migrations.AddConstraint(
            model_name="auditseat",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__in", (1, 2))), name="places_two_seats"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditanswer",
            constraint=models.UniqueConstraint(fields=("seat", "item"), name="places_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="space",
            constraint=models.UniqueConstraint(fields=("city", "key"), name="places_space_once"),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.UniqueConstraint(
                condition=models.Q(("checked_at__isnull", True)),
                fields=("space", "item"),
                name="places_one_defect_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_at__isnull", True), ("fixed_at__isnull", False), _connector="OR"
                ),
                name="places_checked_after_fixed",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("revoked_at__isnull", True)),
                fields=["valid_until"],
                name="places_certificate_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("revoked_at__isnull", True)),
                fields=("space",),
                name="places_one_certificate_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                name="places_certificate_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="auditphoto",
            index=models.Index(
                condition=models.Q(("destroyed_at__isnull", True)),
                fields=["destroy_at"],
                name="places_photo_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shown_at__isnull", True), ("kept_back_at__isnull", True), _connector="OR"
                ),
                name="places_photo_shown_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("decided_at__isnull", True)),
                fields=("space",),
                name="places_one_audit_runs",
            ),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at__isnull", True),
                    models.Q(("both_at__isnull", False), ("cancelled_at__isnull", True)),
                    _connector="OR",
                ),
                name="places_audit_decided_after_both",
            ),
        ),
    ]
