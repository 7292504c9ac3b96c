"""A service of a platform, as guardians read it and as the law is asked about it."""

from django.db import models
from django.db.models import Q

RISK_PROFILES = ("low", "high", "unassessed")


class Service(models.Model):
    """One product, service or feature (PLF) of an operator (PSE). Retired, never deleted.

    `risk_profile` unassessed means that nobody has determined it; the law then answers with the worst case.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    operator = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=40, help_text="a word of the pack's fact `service.type`")
    jurisdiction = models.CharField(max_length=12, default="ID")
    risk_profile = models.CharField(max_length=10, default="unassessed")
    risk_determined_by = models.CharField(max_length=120, default="", blank=True, help_text="an office")
    risk_determined_at = models.DateTimeField(null=True, blank=True)
    designed_for_children = models.BooleanField(default=False)
    age_restricted = models.BooleanField(default=False, help_text="the service itself sets a minimum age")
    named = models.BooleanField(default=False, help_text="named by the ministry in its first phase")
    purpose = models.JSONField(default=dict, help_text="{id, en}")
    opens = models.JSONField(default=list, blank=True, help_text="[{id, en}]")
    stays_closed = models.JSONField(default=list, blank=True, help_text="[{id, en}]")
    data_requested = models.JSONField(
        default=list, blank=True, help_text="[{id, en}], with pii_optional and the like where they are stated"
    )
    handling = models.JSONField(
        default=dict,
        blank=True,
        help_text="what the operator states of how it handles data (docs/guides/platform.md); left out: not stated",
    )
    features = models.JSONField(
        default=list, blank=True, help_text="[{name, title: {id, en}, on: bool, watch: bool}]"
    )
    contact = models.CharField(max_length=200, default="", blank=True, help_text="of an office")
    return_addresses = models.JSONField(
        default=list,
        blank=True,
        help_text="where the page of an age check may lead back to, each compared as it stands",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="access_service_risk_profile", condition=Q(risk_profile__in=RISK_PROFILES)
            ),
            models.CheckConstraint(
                name="access_risk_is_determined_by_someone",
                condition=Q(risk_profile="unassessed", risk_determined_by="", risk_determined_at__isnull=True)
                | (
                    ~Q(risk_profile="unassessed")
                    & ~Q(risk_determined_by="")
                    & Q(risk_determined_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def facts(self) -> dict[str, object]:
        """The `service` fact of a question."""
        return {
            "risk_profile": self.risk_profile,
            "designed_for_children": self.designed_for_children,
            "type": self.type,
            "age_restricted": self.age_restricted,
            "named": self.named,
        }
