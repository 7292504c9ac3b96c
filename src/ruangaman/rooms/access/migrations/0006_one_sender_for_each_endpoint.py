"""Endpoints are taken and rest; deliveries are found in their own table, and jobs that named them are dropped."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop_jobs(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    jobs = apps.get_model("django_tasks_database", "DBTaskResult")
    jobs.objects.filter(task_path="ruangaman.rooms.access.tasks.deliver").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_how_a_service_handles_data"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.AddField(
            "webhookendpoint",
            "failures",
            models.PositiveSmallIntegerField(default=0, help_text="in a row, as far as pauses grow"),
        ),
        migrations.AddField(
            "webhookendpoint",
            "resting_until",
            models.DateTimeField(null=True, help_text="left alone after a failure"),
        ),
        migrations.AddField(
            "webhookendpoint",
            "busy_until",
            models.DateTimeField(null=True, help_text="one sender calls it, until then at most"),
        ),
        migrations.RemoveIndex("delivery", "access_outbox_due"),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["endpoint", "next_at"],
                name="access_outbox_of_endpoint",
                condition=models.Q(state="waiting"),
            ),
        ),
        migrations.RunPython(drop_jobs, migrations.RunPython.noop),
    ]
