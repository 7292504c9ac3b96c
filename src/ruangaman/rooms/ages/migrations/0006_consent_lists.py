"""Status lists of consents, with two bits an entry and a key of their own."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def without_consents(apps: object, _editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards: lists and keys of consents have no place in the older form."""
    for name in ("StatusList", "CardKey"):
        apps.get_model("ages", name).objects.exclude(purpose="cards").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("ages", "0005_wallets"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="cardkey", name="ages_one_card_key_signs"),
        migrations.AddField(
            model_name="cardkey",
            name="purpose",
            field=models.CharField(default="cards", help_text="cards or consents", max_length=10),
        ),
        migrations.AddField(
            model_name="statuslist",
            name="bits",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="statuslist",
            name="purpose",
            field=models.CharField(
                help_text="cards, consents, or sandbox: consents that nobody gave", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="cardkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("purpose",),
                name="ages_one_key_signs_each_purpose",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, without_consents),
    ]
