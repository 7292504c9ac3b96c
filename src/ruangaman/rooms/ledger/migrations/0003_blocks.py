"""The roots over whole blocks of entries, so that a proof need not read the whole ledger."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_only_grows")]
    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField(max_length=32)),
            ],
            options={"default_permissions": ()},
        ),
    ]
