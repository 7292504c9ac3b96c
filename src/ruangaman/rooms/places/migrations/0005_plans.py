import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0004_audits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=80)),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="places.city"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="places.plan"
                    ),
                ),
            ],
            options={
                "ordering": ("made_at",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=40)),
                ("at", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("area", models.CharField(blank=True, default="", max_length=40)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="places.plan"
                    ),
                ),
            ],
            options={
                "ordering": ("at",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("found_on", models.DateField()),
                ("safe", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="places.planaction",
                    ),
                ),
            ],
            options={
                "ordering": ("found_on", "made_at"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ActionPhoto",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("taken_on", models.DateField()),
                ("sent_at", models.DateTimeField()),
                ("family", models.UUIDField(null=True)),
                ("sealed", models.UUIDField(null=True)),
                ("content", models.BinaryField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("shown", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="places.planaction",
                    ),
                ),
            ],
            options={
                "ordering": ("taken_on", "sent_at"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=12)),
                ("organisation", models.CharField(max_length=80)),
                ("children", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("promised_on", models.DateField()),
                ("due_at", models.DateTimeField(db_index=True)),
                ("made_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("late_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("kept_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="places.planaction",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at",),
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("city", "digest"), name="places_plan_once"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("published_at__isnull", False), _connector="OR"
                ),
                name="places_plan_ends_after_it_was_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(fields=("plan", "digest"), name="places_change_once"),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.UniqueConstraint(fields=("plan", "key"), name="places_action_once"),
        ),
        migrations.AddConstraint(
            model_name="actionphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", True), ("shown", False)),
                    models.Q(("checked_at__isnull", False), ("content__isnull", False), ("shown", True)),
                    _connector="OR",
                ),
                name="places_photo_public_only_when_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at__isnull", True), ("sealed__isnull", False)),
                    models.Q(("checked_at__isnull", False), ("sealed__isnull", True)),
                    _connector="OR",
                ),
                name="places_photo_sealed_until_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("action", "organisation"),
                name="places_one_live_pledge_of_an_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("kept_at__isnull", True), _connector="OR"
                ),
                name="places_pledge_kept_or_withdrawn",
            ),
        ),
    ]
