from django.db import migrations, models


class Migration(migrations.Migration):
    """The row is written before the act, so its result comes later. The running version still works beside it."""

    dependencies = [("access", "0001_services_keys_sessions_events_and_webhooks")]
    operations = [
        migrations.AlterField("idempotencykey", "ref", models.UUIDField(null=True)),
        migrations.AlterField("idempotencykey", "status", models.PositiveSmallIntegerField(null=True)),
    ]
