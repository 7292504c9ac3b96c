"""Addresses of plans, pledges, and what really changed."""

from django.urls import URLPattern, path

from ruangaman.rooms.places.views import plan_actions, plans

_CITY = "kota/<slug:slug>/rencana/"
_PLAN = f"{_CITY}<uuid:ref>/"
_ACTION = f"{_CITY}tindakan/<uuid:ref>/"

urlpatterns: list[URLPattern] = [
    path(_CITY, plans.every, name="plans"),
    path(f"{_CITY}hitung", plans.choose, name="plan-choose"),
    path(f"{_CITY}simpan", plans.save, name="plan-save"),
    path(f"{_CITY}foto", plan_actions.photos, name="plan-photos"),
    path(f"{_CITY}foto/<uuid:ref>", plan_actions.photo_check, name="plan-photo-check"),
    path(f"{_CITY}foto/<uuid:ref>/tersegel", plan_actions.photo_sealed, name="plan-photo-sealed"),
    path(f"{_CITY}foto/<uuid:ref>/turunkan", plan_actions.photo_down, name="plan-photo-down"),
    path(f"{_CITY}foto/<uuid:ref>.jpg", plan_actions.photo, name="plan-photo"),
    path(_PLAN, plans.one, name="plan"),
    path(f"{_PLAN}data.json", plans.data, name="plan-data"),
    path(f"{_PLAN}terbit", plans.publish, name="plan-publish"),
    path(f"{_PLAN}akhiri", plans.end, name="plan-end"),
    path(f"{_PLAN}buang", plans.drop, name="plan-drop"),
    path(_ACTION, plan_actions.one, name="plan-action"),
    path(f"{_ACTION}janji", plan_actions.pledge, name="plan-pledge"),
    path(f"{_ACTION}janji/cabut", plan_actions.withdraw, name="plan-withdraw"),
    path(f"{_ACTION}foto", plan_actions.send_photo, name="plan-photo-send"),
    path(f"{_ACTION}audit", plan_actions.find, name="plan-find"),
]
