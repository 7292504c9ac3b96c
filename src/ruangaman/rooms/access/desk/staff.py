"""Accounts of the staff: made by a command, each opened by its own person through a link that works once."""

import time
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Permission, User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ruangaman.rooms.access import config
from ruangaman.rooms.access.errors import StaffMailRefused, StaffNameRefused
from ruangaman.rooms.access.limits import Buckets
from ruangaman.rooms.ledger import api as ledger

OFFICER: Final = "answer_matter"
TRIES: Final = Buckets[str](per_second=1 / 60, burst=5.0)
"""Tries to sign in: five at once, then one a minute, for each name at each address; in each process."""


@transaction.atomic
def add(name: str, *, admin: bool, officer: bool, mail: str | None = None, now: datetime) -> str:
    """
    Make an account, or end the password of an old one; give the link by which its person sets a password.

    Nobody but that person ever knows the password. Rights are only added, never taken. `mail`: where the house
    writes to it; None leaves what it has, empty takes it away. It stands on the account alone. With `mail` the
    password that an account signs in with stays, whatever rights come with it; then there is no link: "".

    Raises:
        StaffNameRefused, StaffMailRefused
    """
    user = User.objects.filter(username=name).first()
    made, kept = user is None, mail is not None and user is not None and signs_in(user)
    if user is None:
        user = User(username=name)
        try:
            user.full_clean(exclude=["password"])
        except ValidationError:
            raise StaffNameRefused from None
    user.is_staff, user.is_active, user.is_superuser = True, True, admin or user.is_superuser
    if mail is not None:
        user.email = _checked(mail)
    if not kept:
        user.set_unusable_password()
    user.save()
    if officer:
        user.user_permissions.add(Permission.objects.get(codename=OFFICER, content_type__app_label="access"))
    ledger.append(
        "staff.added" if made else "staff.changed" if kept else "staff.renewed",
        {"admin": user.is_superuser, "officer": is_officer(user)},
        at=now,
    )
    return "" if kept else link(user)


def signs_in(user: User) -> bool:
    """Whether this account has a password and may sign in with it."""
    return user.is_active and user.is_staff and user.has_usable_password()


def _checked(mail: str) -> str:
    try:
        return str(User._meta.get_field("email").clean(mail.strip(), None))
    except ValidationError:
        raise StaffMailRefused from None


def link(user: User) -> str:
    """Where this account's person sets a password: for a day, once, and not after the next sign-in."""
    part = urlsafe_base64_encode(force_bytes(user.pk))
    return config.base_url() + reverse(
        "desk:kata_sandi", args=[part, default_token_generator.make_token(user)]
    )


def is_officer(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this account may read and answer what people write to the officers.

    Asked of the permission itself: an administrator is no officer unless made one.
    """
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return False
    rows = Permission.objects.filter(codename=OFFICER, content_type__app_label="access")
    return rows.filter(Q(user=user) | Q(group__user=user)).exists()


def wait_before_trying(name: str, address: str) -> int:
    """Seconds to wait before the next try to sign in; 0 when it may be made, which counts it."""
    wait = TRIES.take(f"{name.strip().lower()}|{address}", at=time.monotonic())
    return int(wait) + 1 if wait else 0
