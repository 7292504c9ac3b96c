from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "ruangaman.rooms.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the scorecard ask the room's own parts what they know."""
        from ruangaman.rooms.places import kla_room_feeds

        kla_room_feeds.register()
