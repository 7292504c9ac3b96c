from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "ruangaman.rooms.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"
