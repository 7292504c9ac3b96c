from django.apps import AppConfig


class AgesConfig(AppConfig):
    name = "ruangaman.rooms.ages"
    label = "ages"
    default_auto_field = "django.db.models.BigAutoField"
