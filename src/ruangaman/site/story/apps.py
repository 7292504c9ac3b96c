from django.apps import AppConfig


class StoryConfig(AppConfig):
    name = "ruangaman.site.story"
    label = "story"
