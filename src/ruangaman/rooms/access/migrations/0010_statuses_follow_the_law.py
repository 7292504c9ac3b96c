from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("access", "0010_return_addresses")]

    operations = [
        migrations.AddField(
            model_name="statusentry",
            name="law",
            field=models.CharField(
                blank=True, default="", help_text="hash of the pack that was asked", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="statusentry",
            name="due_at",
            field=models.DateTimeField(help_text="when the answer of that pack may change", null=True),
        ),
        migrations.AddIndex(
            model_name="statusentry",
            index=models.Index(
                fields=["law"], name="access_entry_law", condition=Q(request__isnull=True) & ~Q(status=1)
            ),
        ),
        migrations.AddIndex(
            model_name="statusentry",
            index=models.Index(
                fields=["due_at"], name="access_entry_due", condition=Q(request__isnull=True) & ~Q(status=1)
            ),
        ),
    ]
