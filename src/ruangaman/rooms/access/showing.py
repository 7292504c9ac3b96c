"""A session as the door shows it: everything is asked anew, so that a lapse or a birthday shows at its second."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ruangaman.core.law import citing
from ruangaman.rooms.access import age_checks, deciding, sandbox, sessions, statuses
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.families import api as families
from ruangaman.rooms.vault import api as vault

ACCOUNT_CLOSED: Final = {"id": "Akun ini sudah ditutup.", "en": "This account is closed."}
"""Instead of the law's sentence, which would speak of a consent that ended with the account."""

OPENID_SAYS: Final[dict[str, dict[str, str]]] = {
    "open": {"id": "Akun ini terbuka.", "en": "This account is open."},
    "waiting": {"id": "Akun ini belum terbuka.", "en": "This account is not open yet."},
    "closed": {"id": "Akun ini tertutup.", "en": "This account is closed."},
}

ESTIMATED: Final = "estimated"
"""The law's word for an age that was guessed."""


def session(row: AccessSession, *, now: datetime) -> dict[str, Any]:
    """The document of one session."""
    what = sessions.known(row, now=now)
    decided = sessions.decision(row, what, now=now)
    closed = row.closed_at is not None
    if row.openid:
        return _of_openid(row, decided)
    consent, answer = what.consent, decided.answer.as_dict()
    if decided.next_kind == "age_check":
        pack = sessions.pack_for(row.country)
        answer["settles"] = age_checks.settles(row, pack, decided.answer.settles, now=now)
    changed = max(row.updated_at, consent.changed_at) if consent else row.updated_at
    return {
        **_head(row, decided),
        "answer": answer | ({"text": ACCOUNT_CLOSED} if closed else {}),
        "articles": citing.cited(decided.answer.articles),
        "features": _features(row, decided, closed),
        "age_forgeable": what.evidence == ESTIMATED and ages.estimated_in_a_browser(age_checks.refs(row.id)),
        "next": None if closed else _next(row, decided, answer, consent, now),
        "consent": _consent(consent),
        "status": statuses.of_consent(row),
        "child_url": _child_url(row),
        "valid_until": decided.valid_until,
        "created_at": row.created_at,
        "updated_at": min(changed, now),
        **_end(row),
    }


def _head(row: AccessSession, decided: deciding.Decision) -> dict[str, Any]:
    """Which account it is, and whether it is open: told of every session."""
    return {
        "id": str(row.id),
        "service": row.service.slug,
        "subject": subject_of(row),
        "country": row.country,
        "sandbox": row.sandbox,
        "state": "closed" if row.closed_at is not None else decided.state,
    }


def _end(row: AccessSession) -> dict[str, Any]:
    return {"closed_at": row.closed_at, "deletion": str(row.deletion) if row.deletion else None}


def _of_openid(row: AccessSession, decided: deciding.Decision) -> dict[str, Any]:
    """
    An account that OpenID Connect began: whether it is open.

    The ID token tells one yes at most. The law's answer and articles, the way of consent, the switches, dates that fall
    on a birthday, and the child's own page would all narrow the age, so none of them is here. Each feature is off, as
    for somebody of whom nothing is known: a platform that wants the switches signs its people up by the API.
    """
    head = _head(row, decided)
    state = head["state"]
    return {
        **head,
        "answer": {
            "outcome": state,
            "open": state == "open",
            "decided": True,
            "reason": "openid",
            "articles": [],
            "valid_until": None,
            "settles": [],
            "law_version": dict(decided.answer.law_version),
            "text": OPENID_SAYS[state],
        },
        "articles": {"id": [], "en": []},
        "features": {name: {"state": "off", "managed_by": "nobody"} for name in decided.features},
        "age_forgeable": None,  # the ID token has said it, and who asked for no age learns nothing of one
        "next": None,
        "consent": None,
        "status": None,
        "child_url": None,
        "valid_until": None,
        "created_at": row.created_at,
        "updated_at": row.closed_at or row.created_at,
        **_end(row),
    }


def subject_of(row: AccessSession) -> str | None:
    """The platform's pseudonym; None once it was forgotten."""
    try:
        return str(vault.reveal(vault.SealedRef(row.subject), purpose="tell the platform its own pseudonym"))
    except vault.Forgotten:
        return None


def _child_url(row: AccessSession) -> str:
    """The child's own page: whatever the law said, there it reads why, and how to disagree."""
    return (
        sandbox.address(row)
        if row.sandbox
        else families.child_url(families.ChildRef(row.child), row.language)
    )


def _invitation(row: AccessSession, now: datetime) -> families.Invitation | None:
    if row.request is None:
        return None
    if row.sandbox:
        return sandbox.invitation(row, row.request)
    return families.invitation(families.RequestRef(row.request), now=now)


def _next(
    row: AccessSession,
    decided: deciding.Decision,
    answer: Mapping[str, Any],
    consent: families.ConsentView | None,
    now: datetime,
) -> dict[str, Any] | None:
    if decided.next_kind == "guardian_request":
        found = _invitation(row, now)
        if found is None:
            return None
        return {
            "kind": "guardian_request",
            "url": found.page_url,
            "short_code": found.short_code,
            "tile": {"code": found.tile.code, "words": dict(found.tile.words), "svg": found.tile.svg},
            "due_at": found.due_at,
        }
    if decided.next_kind == "ask_guardian":
        disowned = consent is not None and consent.state is families.State.NOT_MY_CHILD
        return {"kind": "ask_guardian", "other_guardian": disowned}
    if decided.next_kind == "age_check":
        check = ages.check_of(row.id)
        return {
            "kind": "age_check",
            "needs": answer["settles"],
            "url": check.url if check else None,
            "age_over": check.threshold if check else None,
        }
    return None


def _features(row: AccessSession, decided: deciding.Decision, closed: bool) -> dict[str, dict[str, Any]]:
    """The law first, then what child and guardian have set, each where the law leaves the switch to one of them."""
    shown = {name: dict(one) for name, one in decided.features.items()}
    if closed:
        return {name: one | {"state": "off"} for name, one in shown.items()}
    if row.request is None or row.sandbox or decided.state != "open":
        return shown
    for permission in families.permissions_of(families.RequestRef(row.request)):
        one = shown.get(permission.feature)
        if one is None or one["managed_by"] not in ("child", "guardian"):
            continue
        one["state"] = permission.state
    return shown


def _consent(consent: families.ConsentView | None) -> dict[str, Any] | None:
    if consent is None:
        return None
    return {
        "state": consent.state.value,
        "kind": consent.kind,
        "changed_at": consent.changed_at,
        "due_at": consent.due_at,
        "ends_at": consent.ends_at,
    }
