"""The cities of this house, and who does what in each."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class City(models.Model):
    """
    A city or regency. What was computed of it stands in its folder (`config.folder`), not here.

    `code` is Kemendagri's, dotted: `31.71` for a city, `31` where a province is governed as one city.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def province(self) -> str:
        """The two digits of its province."""
        return self.code[:2]


class Role(models.Model):
    """
    What an account may do: in one city, or, for those of a province, look at all of its cities.

    `area` narrows the role to one kelurahan (its dotted code); `organisation` is the public name of a company, an
    office or a group; `body` is the id of an office in the city's table of bodies, for whom the account answers.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey(City, null=True, on_delete=models.PROTECT, related_name="roles")
    province = models.CharField(max_length=2, default="", blank=True)
    role = models.CharField(max_length=12)
    area = models.CharField(max_length=13, default="", blank=True)
    organisation = models.CharField(max_length=80, default="", blank=True)
    body = models.CharField(max_length=24, default="", blank=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(city__isnull=False, province="") | (Q(city__isnull=True) & ~Q(province="")),
                name="places_role_of_a_city_or_a_province",
            ),
            models.UniqueConstraint(
                fields=("user", "city", "province", "role", "area", "body"),
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="places_role_once",
            ),
        ]
