"""Tries have a term: an index for those in vain, and those of results that are forgotten already go now."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: object, _editor: BaseDatabaseSchemaEditor) -> None:
    """What decided a check goes with its result; results that went before left it behind."""
    tries = apps.get_model("ages", "Attempt").objects.filter(sealed__isnull=True, ended_at__isnull=False)
    tries.filter(question__decided_at__isnull=False, question__family__isnull=True).delete()


def to_the_day(apps: object, _editor: BaseDatabaseSchemaEditor) -> None:
    """Times of wallets to the second joined them to their checks."""
    for row in apps.get_model("ages", "Holder").objects.all():
        for name in ("decided_at", "created_at", "stopped_at"):
            at = getattr(row, name)
            setattr(row, name, at and at.replace(hour=0, minute=0, second=0, microsecond=0))
        row.save(update_fields=["decided_at", "created_at", "stopped_at"])
    for row in apps.get_model("ages", "AgeCheck").objects.filter(kept_at__isnull=False):
        row.kept_at = row.kept_at.replace(hour=0, minute=0, second=0, microsecond=0)
        row.save(update_fields=["kept_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("ages", "0006_consent_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False), models.Q(("why", ""), _negated=True)),
                fields=["ended_at"],
                name="ages_attempt_in_vain",
            ),
        ),
        migrations.AlterField(
            model_name="agecheck",
            name="kept_at",
            field=models.DateTimeField(
                help_text="the day on which the result went into a wallet, once", null=True
            ),
        ),
        migrations.AlterField(
            model_name="holder",
            name="stopped_at",
            field=models.DateTimeField(help_text="the day: nothing is issued any more", null=True),
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RunPython(to_the_day, migrations.RunPython.noop),
    ]
