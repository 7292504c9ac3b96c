"""Which accounts OpenID Connect began: of them the API tells no more than the ID token."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0007_openid_provider")]

    operations = [
        migrations.AddField(
            model_name="accesssession",
            name="openid",
            field=models.CharField(blank=True, default="", max_length=5),
        ),
        migrations.AddConstraint(
            model_name="accesssession",
            constraint=models.CheckConstraint(
                condition=models.Q(("openid__in", ("", "asked", "told"))), name="access_session_openid"
            ),
        ),
    ]
