import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Short addresses of wordings and what comes by them; the published order of a draw. No wording stood before."""

    dependencies = [("learning", "0002_groups")]

    operations = [
        migrations.AddField(
            "campaign",
            "ordered",
            models.JSONField(help_text="ids of the groups in the order of the draw, published", null=True),
        ),
        migrations.AddField(
            "campaign",
            "made_up",
            models.BooleanField(default=False, help_text="its learners were drawn, nobody was measured"),
        ),
        migrations.AddField(
            "wording",
            "code",
            models.CharField(default="", help_text="of its short address", max_length=10, unique=True),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="learning.wording",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            "arrival", models.UniqueConstraint(fields=("wording", "day"), name="learning_arrival_day")
        ),
    ]
