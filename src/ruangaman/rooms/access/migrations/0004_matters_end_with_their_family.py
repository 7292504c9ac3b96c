"""When a matter that nobody answered closed by itself, because its family was forgotten."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("access", "0003_what_an_officer_must_answer")]

    operations = [
        migrations.AddField(
            "matter",
            "forgotten_at",
            models.DateTimeField(null=True, help_text="when it closed unanswered: its family was forgotten"),
        ),
        migrations.RemoveIndex("matter", "access_matter_due"),
        migrations.AddIndex(
            "matter",
            models.Index(
                fields=["due_at"],
                name="access_matter_due",
                condition=Q(answered_at__isnull=True, forgotten_at__isnull=True),
            ),
        ),
        migrations.AddConstraint(
            "matter",
            models.CheckConstraint(
                name="access_matter_answered_or_forgotten",
                condition=Q(forgotten_at__isnull=True) | Q(answered_at__isnull=True),
            ),
        ),
    ]
