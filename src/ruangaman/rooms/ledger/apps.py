from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ruangaman.rooms.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
