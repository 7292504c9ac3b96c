"""What an answer must repeat is made from the try's id and no longer stored."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ages", "0003_cards")]

    operations = [
        # A way back needs a default for the rows that are there.
        migrations.AlterField("attempt", "nonce", models.CharField(max_length=64, default="", blank=True)),
        migrations.RemoveField("attempt", "nonce"),
    ]
