"""Who may start campaigns, and for which region: given by an administrator's command, never by a page."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from ruangaman.adapters import ids
from ruangaman.rooms.learning.campaign_errors import OrganiserRefused
from ruangaman.rooms.learning.campaigns import regions
from ruangaman.rooms.learning.models import Campaign, Organiser
from ruangaman.rooms.ledger import api as ledger

P = ParamSpec("P")
MOST_NAME: Final = 80


@transaction.atomic
def give(username: str, *, name: str, region: str, now: datetime) -> Organiser:
    """
    Make an account an organiser for a region; the same once more changes nothing.

    Raises:
        OrganiserRefused: `why` is user, name or region.
    """
    user = _user(username)
    if not 3 <= len(name.strip()) <= MOST_NAME:
        raise OrganiserRefused(why="name")
    if not regions.valid(region):
        raise OrganiserRefused(why="region")
    found, made = Organiser.objects.get_or_create(
        user=user,
        region=region,
        ended_at=None,
        defaults={"id": ids.new(now), "given_at": now, "name": name.strip()},
    )
    if made:
        ledger.append("learning.organiser-given", {"region": region, "name": found.name}, at=now)
    return found


@transaction.atomic
def end(username: str, *, region: str, now: datetime) -> None:
    """
    Take it away; campaigns that were made stay, and nobody changes them any more.

    Raises:
        OrganiserRefused: `why` is user, or nothing.
    """
    row = Organiser.objects.filter(user=_user(username), region=region, ended_at=None).first()
    if row is None:
        raise OrganiserRefused(why="nothing")
    Organiser.objects.filter(pk=row.pk).update(ended_at=now)
    ledger.append("learning.organiser-ended", {"region": region, "name": row.name}, at=now)


def _user(username: str) -> User:
    found = User.objects.filter(username=username, is_active=True, is_staff=True).first()
    if found is None:
        raise OrganiserRefused(why="user")
    return found


def of(user: AbstractBaseUser | AnonymousUser) -> list[Organiser]:
    """As whom this account organises, the widest region first; none for most."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return []
    rows = list(Organiser.objects.filter(user=user, ended_at=None))
    return sorted(rows, key=lambda one: (len(one.region), one.region))


def begins(user: AbstractBaseUser | AnonymousUser) -> str:
    """The address of the page where an organiser begins; "" of an account that organises nothing."""
    return reverse("learning:campaigns") if of(user) else ""


def owns(user: AbstractBaseUser | AnonymousUser, campaign: Campaign) -> bool:
    """Whether this account organises this campaign: it made it, and still is its organiser."""
    return any(one.pk == campaign.organiser_id for one in of(user))


def organiser_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for organisers: others are sent to sign in, or told that it is not theirs."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated or not request.user.is_staff:
            return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
        if not of(request.user):
            return not_yours(request)
        return view(request, *args, **kwargs)

    return inner


def not_yours(request: HttpRequest) -> HttpResponseBase:
    """Signed in, but no organiser of this."""
    return render(request, "learning/kampanye/bukan.html", status=403)
