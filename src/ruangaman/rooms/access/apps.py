from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any
    from uuid import UUID

    from ruangaman.rooms.ages.api import AgeDecided, AgeReviewed
    from ruangaman.rooms.families.api import AgeQuestion, ChildRef, ConsentEvent, OfficerAnswer


class AccessConfig(AppConfig):
    name = "ruangaman.rooms.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to `families` (docs/adr/0081). What hears is loaded with the first event, so that commands
        start without the law.
        """
        from ruangaman.rooms.ages import api as ages
        from ruangaman.rooms.families import api as families

        families.listen(_hear)
        ages.listen(_hear_age)
        ages.listen_to_reviews(_hear_review)
        families.answers_from(_answers)
        families.law_from(_law)
        ages.ways_back_from(_way_back)
        ages.vouch_by(_may_vouch, _ask_guardian)
        families.age_questions_from(_age_questions, _age_said)


def _answers(refs: "Sequence[UUID]") -> "Sequence[OfficerAnswer]":
    from ruangaman.rooms.access.desk import matters

    return matters.answers_to(refs)


def _law(child: "ChildRef", now: "datetime") -> "dict[str, Any] | None":
    from ruangaman.rooms.access import sessions

    return sessions.answer_now(child, now=now)


def _may_vouch(ref: "UUID", years: int, now: "datetime") -> bool:
    from ruangaman.rooms.access import vouching

    return vouching.may(ref, years, now)


def _ask_guardian(ref: "UUID", years: int, now: "datetime") -> None:
    from ruangaman.rooms.access import vouching

    vouching.ask(ref, years, now)


def _age_questions(children: "Sequence[UUID]", now: "datetime") -> "Sequence[AgeQuestion]":
    from ruangaman.rooms.access import vouching

    return vouching.waiting(children, now)


def _age_said(question: "UUID", over: bool | None, now: "datetime") -> bool:
    from ruangaman.rooms.access import vouching

    return vouching.answer(question, over, now)


def _way_back(ref: "UUID") -> str | None:
    from ruangaman.rooms.access import age_checks

    return age_checks.way_back(ref)


def _hear_age(told: "AgeDecided") -> None:
    from ruangaman.rooms.access import age_checks

    age_checks.hear(told)


def _hear_review(told: "AgeReviewed") -> None:
    from ruangaman.rooms.access import age_checks

    age_checks.hear_review(told)


def _hear(event: "ConsentEvent") -> None:
    from ruangaman.rooms.access import sessions

    sessions.hear(event)
