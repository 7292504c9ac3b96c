from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "ruangaman.site"
    label = "site"
