"""Where an account of the staff begins after signing in, by what it may do in the rooms."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.urls import reverse

from ruangaman.rooms.learning import api as learning
from ruangaman.rooms.places import api as places


def of(user: AbstractBaseUser | AnonymousUser) -> str:
    """The address of a page that this account may see: its campaigns, its city, the administration; "" of none."""
    found = learning.begins(user) or places.begins(user)
    if found or not isinstance(user, User) or not user.is_superuser:
        return found
    return reverse("admin:index")
