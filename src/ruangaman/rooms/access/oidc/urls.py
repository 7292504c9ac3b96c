"""The addresses of the OpenID Provider."""

from django.urls import path

from ruangaman.rooms.access.oidc import views

app_name = "openid"

urlpatterns = [
    path(".well-known/openid-configuration", views.configuration, name="configuration"),
    path("oidc/jwks.json", views.key_set, name="keys"),
    path("oidc/par", views.push, name="par"),
    path("oidc/token", views.token, name="token"),
    path("oidc/authorize", views.authorize, name="authorize"),
    path("oidc/lanjut", views.current, name="current"),
    path("oidc/lanjut/<uuid:ref>", views.flow, name="flow"),
]
