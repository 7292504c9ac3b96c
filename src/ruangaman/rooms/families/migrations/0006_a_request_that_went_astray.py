"""When somebody who found a request by code or QR said that this is not their child."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0005_the_proof_of_forgetting")]

    operations = [
        migrations.AddField(
            "consentrequest",
            "astray_at",
            models.DateTimeField(null=True, help_text="when whoever came by code or QR said: not my child"),
        ),
    ]
