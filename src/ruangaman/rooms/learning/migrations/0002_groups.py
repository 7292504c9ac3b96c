import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_groups_and_campaigns"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoorCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32)),
                ("hour", models.BigIntegerField(help_text="whole hours since 1970")),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PaperRow",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("objective", models.CharField(max_length=6)),
                (
                    "time",
                    models.CharField(
                        choices=[
                            ("pre", "pre"),
                            ("post", "post"),
                            ("delayed", "delayed"),
                            ("later", "later"),
                        ],
                        max_length=7,
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(help_text="1 or 2")),
                ("marks", models.CharField(max_length=40)),
                ("unsure", models.JSONField(default=list)),
                ("did", models.JSONField(default=list)),
                ("taken_on", models.DateField()),
                ("typed_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(
                condition=models.Q(("forgotten_at__isnull", True)),
                fields=["ends_on"],
                name="learning_group_living",
            ),
        ),
        migrations.AddConstraint(
            model_name="doorcount",
            constraint=models.UniqueConstraint(fields=("key", "hour"), name="learning_door_count"),
        ),
        migrations.AddField(
            model_name="paperrow",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="learning.seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperrow",
            constraint=models.UniqueConstraint(
                fields=("seat", "objective", "time", "turn"), name="learning_row_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("turn__in", [1, 2])), name="learning_row_turn"
            ),
        ),
    ]
