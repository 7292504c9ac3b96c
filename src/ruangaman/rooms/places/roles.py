"""
Who may do what in a city. An act is asked for, never a role: `may(user, city, "moderate")`.

An administrator of the house has no role unless it was given one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from ruangaman.adapters import ids
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.errors import NotFound, RoleRefused
from ruangaman.rooms.places.models import City, Role
from ruangaman.rooms.places.reports import tables

P = ParamSpec("P")

BAPPEDA, PPPA, KELURAHAN, BODY, NGO, COMPANY, FORUM, AUDITOR, PROVINCE = (
    "bappeda",
    "pppa",
    "kelurahan",
    "body",
    "ngo",
    "company",
    "forum_anak",
    "auditor",
    "province",
)
ACTS: Final[dict[str, frozenset[str]]] = {
    BAPPEDA: frozenset({"look", "plan", "pledge", "answer", "score"}),
    PPPA: frozenset({"look", "moderate", "answer", "audit", "certify", "score", "load"}),
    KELURAHAN: frozenset({"look", "moderate", "answer", "audit", "pledge"}),
    BODY: frozenset({"handle"}),
    NGO: frozenset({"look", "audit", "pledge"}),
    COMPANY: frozenset({"look", "pledge"}),
    FORUM: frozenset({"look", "vote"}),
    AUDITOR: frozenset({"look", "audit"}),
    PROVINCE: frozenset({"look", "check"}),
}
"""
look: pages of the city that are not public. moderate: read reports and ideas before others do. answer: say what became
of them. handle: the same, of what was sent to one's own office, and nothing else. plan: make and publish plans. pledge:
promise an action. audit: fill the form of a place. certify: give ranks and certificates. vote: as Forum Anak. score:
keep the KLA scorecard. load: the city's form, limits and weights. check: the province's check of a scorecard.
"""
_BEGINS: Final = {
    "moderate": "places:report_inbox",
    "answer": "places:report_to_answer",
    "handle": "places:office",
}
"""Desks on which something waits, the first that a role may see; others begin at the city's own page."""
_WITH_AREA: Final = frozenset({KELURAHAN})
_WITH_ORGANISATION: Final = frozenset({NGO, COMPANY})


@dataclass(frozen=True, slots=True)
class Acting:
    """
    Somebody who acts in a city. `areas` are all of theirs, none for the whole city; `bodies` are the offices for which
    they answer, none for who answers for the city.
    """

    user: User
    role: str
    areas: tuple[str, ...]
    organisation: str
    bodies: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """Their area, the first where there are several; "" for the whole city."""
        return self.areas[0] if self.areas else ""

    def inside(self, area: str) -> bool:
        """Whether this area (a dotted code, or one below it) is theirs."""
        return not self.areas or bool(self.of(area))

    def of(self, area: str) -> str:
        """Their area in which this one lies; "" where it lies in none."""
        return next((one for one in self.areas if area == one or area.startswith(f"{one}.")), "")

    def sees(self, area: str, body: str) -> bool:
        """Whether a report of this area, with this office, is theirs."""
        return self.inside(area) and (not self.bodies or body in self.bodies)

    def where(self, field: str) -> Q:
        """Rows whose area, in this field, is theirs."""
        wanted = Q()
        for one in self.areas:
            wanted |= Q(**{field: one}) | Q(**{f"{field}__startswith": f"{one}."})
        return wanted


def ways(user: AbstractBaseUser | AnonymousUser, city: City, act: str) -> list[Acting]:
    """
    Each role by which this account may do this here, in all areas that it has by that role; those for the whole city
    come first, so that the first of them may do it wherever any of them may.
    """
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return []
    able = [role for role, acts in ACTS.items() if act in acts]
    rows = Role.objects.filter(Q(city=city) | Q(city__isnull=True, province=city.province))
    found = list(rows.filter(user=user, role__in=able, ended_at__isnull=True).order_by("area", "given_at"))
    return [
        _way(user, [row for row in found if row.role == role])
        for role in dict.fromkeys(row.role for row in found)
    ]


def _way(user: User, rows: list[Role]) -> Acting:
    first = rows[0]
    areas = tuple(dict.fromkeys(row.area for row in rows)) if first.area else ()
    bodies = tuple(dict.fromkeys(row.body for row in rows if row.body))
    return Acting(user, first.role, areas, first.organisation, bodies)


def acting(user: AbstractBaseUser | AnonymousUser, city: City, act: str, *, role: str = "") -> Acting | None:
    """
    The role by which this account may do this here, in all of its areas; None when it may not. One for the whole city
    comes first; `role` asks for this one alone.
    """
    return next((one for one in ways(user, city, act) if role in ("", one.role)), None)


def may(user: AbstractBaseUser | AnonymousUser, city: City, act: str) -> bool:
    """Whether this account may do this here."""
    return acting(user, city, act) is not None


def begins(user: AbstractBaseUser | AnonymousUser) -> str:
    """The address of the page where this account begins, by the role that it was given first; "" of none."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return ""
    held = Role.objects.select_related("city").filter(user=user, ended_at__isnull=True)
    row = held.order_by("given_at", "pk").first()
    if row is None:
        return ""
    if row.city is None:
        return reverse("places:province", args=[row.province])
    page = next((page for act, page in _BEGINS.items() if act in ACTS[row.role]), "places:city")
    return reverse(page, args=[row.city.slug])


@transaction.atomic
def give(
    user: User,
    role: str,
    *,
    city: City | None = None,
    province: str = "",
    area: str = "",
    organisation: str = "",
    body: str = "",
    now: datetime,
) -> Role:
    """
    Give a role; the same once more changes nothing.

    Raises:
        RoleRefused: no such role, or not what it needs: a province for `province`, a city for all others, a kelurahan
            for `kelurahan`, a name for `ngo` and `company`, an office of the city's table for `body`.
    """
    if role not in ACTS:
        raise RoleRefused(why="role")
    if (role == PROVINCE) != (city is None) or (city is None) != (
        len(province) == 2 and province.isdecimal()
    ):
        raise RoleRefused(why="city or province")
    if (role in _WITH_AREA) != bool(area) or (
        area and (city is None or not area.startswith(f"{city.code}."))
    ):
        raise RoleRefused(why="area")
    if role in _WITH_ORGANISATION and not organisation.strip():
        raise RoleRefused(why="organisation")
    if (role == BODY) != bool(body) or (body and (city is None or body not in tables.bodies(city).of)):
        raise RoleRefused(why="body")
    found, made = Role.objects.get_or_create(
        user=user, city=city, province=province, role=role, area=area, body=body, ended_at=None,
        defaults={"id": ids.new(now), "given_at": now, "organisation": organisation.strip()[:80]},
    )  # fmt: skip
    if made:
        ledger.append("places.role-given", {"role": role, "city": city.code if city else province}, at=now)
    return found


@transaction.atomic
def end(role: Role, *, now: datetime) -> None:
    """Take a role away; what was done by it stays."""
    if Role.objects.filter(pk=role.pk, ended_at__isnull=True).update(ended_at=now):
        of = role.city.code if role.city else role.province
        ledger.append("places.role-ended", {"role": role.role, "city": of}, at=now)


def end_of(
    user: User,
    role: str,
    *,
    city: City | None = None,
    province: str = "",
    area: str = "",
    body: str = "",
    now: datetime,
) -> None:
    """
    Take away the role that this account has there.

    Raises:
        NotFound: it has none such now.
    """
    found = Role.objects.filter(
        user=user, role=role, city=city, province=province, area=area, body=body, ended_at__isnull=True
    ).first()
    if found is None:
        raise NotFound(what=role)
    end(found, now=now)


def city_of(slug: str) -> City:
    """The city of an address; raises Http404."""
    found = City.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def needs(
    act: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, City, Acting, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, str, P], HttpResponseBase],
]:
    """
    A page of `/kota/<slug>/...` for those who may do this there: called with the city and who acts.

    Others are sent to sign in; who is signed in without the right sees that it is not theirs.
    """

    def around(
        view: Callable[Concatenate[HttpRequest, City, Acting, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            city = city_of(slug)
            if not request.user.is_authenticated or not request.user.is_staff:
                return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
            who = acting(request.user, city, act)
            if who is None:
                return render(request, "places/bukan_tugas.html", {"city": city}, status=403)
            return view(request, city, who, *args, **kwargs)

        return inner  # type: ignore[return-value]  # an address gives the slug by its name

    return around
