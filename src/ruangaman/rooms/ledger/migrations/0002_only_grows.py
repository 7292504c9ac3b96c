"""The database itself refuses to change or delete an entry."""

from django.db import migrations

from ruangaman.rooms.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_first_entries")]
    operations = [migrations.RunPython(triggers.create, triggers.drop)]
