from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0009_status_of_consents")]

    operations = [
        migrations.AddField(
            model_name="service",
            name="return_addresses",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="where the page of an age check may lead back to, each compared as it stands",
            ),
        ),
        migrations.AddField(
            model_name="accesssession",
            name="return_to",
            field=models.CharField(
                blank=True,
                default="",
                help_text="of the addresses that its service has registered",
                max_length=500,
            ),
        ),
    ]
