"""The door of the room: what other rooms may call. Everything takes `now`; nothing returns personal data by
surprise.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ruangaman.core.consent import State
from ruangaman.rooms.families import (
    actions,
    children,
    deletions,
    events,
    forgetting,
    guardians,
    holding,
    lawdesk,
    officers,
    outbox,
    queries,
    requests,
    settling,
    vouching,
)
from ruangaman.rooms.families.children import AgeTold
from ruangaman.rooms.families.errors import (
    DeletionRefused,
    NicknameRefused,
    NoSuchFamily,
    NotFound,
    NotTheStory,
    RequestRefused,
    StillHeld,
    WhyRefused,
)
from ruangaman.rooms.families.forgetting import FORGOTTEN
from ruangaman.rooms.families.types import (
    HANDLING_LISTS,
    HANDLING_TEXTS,
    ChildRef,
    ConsentEvent,
    ConsentView,
    DataAsked,
    DeletionRef,
    DeletionView,
    FamilyView,
    Feature,
    HeldBy,
    Invitation,
    Listener,
    OfficerAnswer,
    PermissionView,
    ReceiptRef,
    RequestRef,
    ServiceCard,
    Text,
    TileMark,
)
from ruangaman.rooms.families.vouching import AgeQuestion
from ruangaman.rooms.vault import api as vault

__all__ = [
    "FORGOTTEN",
    "HANDLING_LISTS",
    "HANDLING_TEXTS",
    "AgeQuestion",
    "AgeTold",
    "ChildRef",
    "ConsentEvent",
    "ConsentView",
    "DataAsked",
    "DeletionRef",
    "DeletionRefused",
    "DeletionView",
    "FamilyView",
    "Feature",
    "HeldBy",
    "Invitation",
    "Listener",
    "NicknameRefused",
    "NoSuchFamily",
    "NotFound",
    "NotTheStory",
    "OfficerAnswer",
    "PermissionView",
    "ReceiptRef",
    "RequestRef",
    "RequestRefused",
    "ServiceCard",
    "State",
    "StillHeld",
    "Text",
    "TileMark",
    "WhyRefused",
    "add_child",
    "age_questions_from",
    "answers_from",
    "ask_age",
    "check_confirmation",
    "child_age",
    "child_url",
    "close",
    "coming_due",
    "confirm_deletion",
    "consent_of",
    "deletion",
    "families_over",
    "family",
    "family_of",
    "forget_family",
    "invitation",
    "law_from",
    "listen",
    "mailbox",
    "matter_answered",
    "matter_words",
    "may_vouch",
    "open_deletions",
    "permissions_of",
    "register_provider",
    "request_consent",
    "requests_of",
    "rows_of_person",
    "set_child_age",
    "settle_due",
    "show_decision",
]


def add_child(*, nickname: str | None, age: Mapping[str, Any] | None, now: datetime) -> ChildRef:
    """A child in a new family of its own; name and age are sealed. `age` as in the law's facts. Raises NicknameRefused
    for what is no name of a child (`core.nicknames`).
    """
    return children.add(nickname=nickname, age=age, now=now)


def child_age(child: ChildRef) -> dict[str, Any] | None:
    """What is known of the age: {"age": {...}, "evidence": ..., "assurance": ...}, or None when nothing
    is.
    """
    return children.age_of(child)


def set_child_age(
    child: ChildRef,
    age: Mapping[str, Any] | None,
    evidence: str,
    assurance: str | None,
    now: datetime,
    born_from: int | None = None,
) -> None:
    """Replace what is known of the age; plans the next birthday that changes the band when the birth date
    is known. `born_from`: the earliest birth date (yyyymmdd) that earlier words of the same evidence leave.
    What waits for a guardian of who is grown by this word ends.
    """
    with transaction.atomic():
        children.set_age(child, age, evidence, assurance, now, born_from)
        root = children.get(child).root
        if children.grown(root, now):
            actions.end_waiting(root, at=now)


def age_told(child: ChildRef) -> AgeTold | None:
    """The age as it was told last, with the instant and what earlier words leave; None when nothing is known."""
    return children.age_told(child)


def request_consent(
    *,
    child: ChildRef,
    card: ServiceCard,
    kind: str,
    due_at: datetime | None,
    answer: Mapping[str, Any],
    now: datetime,
    guardian_email: str | None = None,
    guardian_phone: str | None = None,
    linked_to: RequestRef | None = None,
    language: str = "id",
) -> Invitation:
    """
    Ask the guardian. A request that still waits for the same child and service is replaced by the new one.

    Args:
        kind: `consent`, or `confirmation` when a 17-year-old has agreed and a parent confirms.
        due_at: the end of the window, None when the law gives no number.
        answer: the law's answer (`Answer.as_dict()`), kept sealed and shown with its articles.
        linked_to: the lapsed request that this one follows.

    Raises:
        RequestRefused: too many requests to this guardian, or an address that is none.
    """
    return requests.ask(
        child=child,
        card=card,
        kind=kind,
        due_at=due_at,
        answer=answer,
        guardian_email=guardian_email,
        guardian_phone=guardian_phone,
        now=now,
        linked_to=linked_to,
        language=language,
    )


def show_decision(child: ChildRef, *, card: ServiceCard, answer: Mapping[str, Any], now: datetime) -> str:
    """Keep the law's latest answer for the child's own page, so that it can read why a door is closed
    without any request. Returns the address of the child's page for this service alone.
    """
    return children.show_decision(child, card=card, answer=answer, now=now)


def family_of(child: ChildRef) -> vault.FamilyRef:
    """The family under whose key a room above seals what it says to this child, so that both are forgotten together;
    `child.moved` is told when it changes. Raises NotFound.
    """
    return vault.FamilyRef(children.get(child).family)


def child_url(child: ChildRef, language: str = "") -> str:
    """The address of the child's page for this service alone, known since its first request or decision."""
    return children.page_url(child, language)


def invitation(request: RequestRef, *, now: datetime) -> Invitation:
    """The same invitation again, from the request alone: no link needs to be kept in the clear."""
    return requests.invitation(request, now=now)


def consent_of(request: RequestRef, *, now: datetime) -> ConsentView:
    """Where the request stands at `now`; a lapse is computed from the due instant, whatever the job runner
    did.
    """
    return queries.consent_of(request, now=now)


def requests_of(child: ChildRef, now: datetime) -> Sequence[ConsentView]:
    """All requests of this child at its service, the newest first."""
    return queries.requests_of(child, now=now)


def permissions_of(request: RequestRef) -> Sequence[PermissionView]:
    """The switches of this request as child and guardian have set them."""
    return queries.permissions_of(request)


def close(child: ChildRef, *, now: datetime, request: RequestRef | None = None) -> DeletionRef | None:
    """The platform closed the account: waiting requests and consents end; a deletion starts when data may
    be held.
    """
    return actions.close(child, now=now, request=request)


def deletion(ref: DeletionRef) -> DeletionView:
    """One duty to delete; raises NotFound."""
    return queries.deletion(ref)


def open_deletions(service_ref: UUID) -> Sequence[DeletionView]:
    """What this service must still delete, the earliest due first, those without a known due instant last."""
    return queries.open_deletions(service_ref)


def coming_due(*, now: datetime) -> Sequence[tuple[str, datetime]]:
    """When time itself acts next: ("request" or "deletion", due instant), the earlier first; whom it concerns is
    not said.
    """
    return queries.coming_due(now=now)


def check_confirmation(
    *,
    systems: Sequence[str],
    counts: Mapping[str, int],
    started_at: datetime,
    done_at: datetime,
    by: str,
    exceptions: Sequence[Mapping[str, str]] = (),
    now: datetime,
) -> None:
    """What `confirm_deletion` demands, for what is only simulated. Raises DeletionRefused."""
    deletions.check(
        systems=systems,
        counts=counts,
        started_at=started_at,
        done_at=done_at,
        by=by,
        exceptions=exceptions,
        now=now,
    )


def confirm_deletion(
    ref: DeletionRef,
    *,
    systems: Sequence[str],
    counts: Mapping[str, int],
    done_at: datetime,
    by: str,
    exceptions: Sequence[Mapping[str, str]] = (),
    now: datetime,
) -> ReceiptRef:
    """
    The platform says that it deleted. Ends in the receipt; confirming again returns the same receipt.

    Args:
        by: the role that confirms at the operator (`privacy officer`), never a person's name.
        exceptions: what was kept, each {"what", "ground"}, the ground being a legal one.

    Raises:
        DeletionRefused: no system named, a negative count, `done_at` before the task began or after `now`.
    """
    return deletions.confirm(
        ref, systems=systems, counts=counts, done_at=done_at, by=by, exceptions=exceptions, now=now
    )


def listen(listener: Listener) -> None:
    """Hand in a function that is called inside the transaction of every change (docs/adr/0081)."""
    events.listen(listener)


def matter_words(kind: str, ref: UUID, *, purpose: str) -> str:
    """What was written to an officer (`matter.raised` gave kind and ref), opened for a purpose; raises NotFound."""
    return officers.words(kind, ref, purpose=purpose)


def matter_answered(kind: str, ref: UUID, *, now: datetime) -> None:
    """It waits no longer; the answer stands in the room that gave it."""
    officers.answered(kind, ref, now=now)


def answers_from(reader: officers.Reader) -> None:
    """Hand in a function that gives the answers to ids of this room, for the pages here (docs/adr/0056)."""
    officers.answers_from(reader)


def law_from(asker: lawdesk.Asker) -> None:
    """Hand in a function that asks the law of a child's account anew, for pages whose answer is past its time."""
    lawdesk.law_from(asker)


def may_vouch(child: ChildRef, years: int, *, now: datetime) -> bool:
    """Whether a proven guardian can be asked if this child is `years` or over."""
    return vouching.may_vouch(child, years, now=now)


def ask_age(child: ChildRef, *, now: datetime) -> int:
    """Write to the proven guardians that a question about the age waits; returns to how many."""
    return vouching.ask(child, now=now)


def age_questions_from(reader: vouching.Reader, answer: vouching.Answer) -> None:
    """Hand in what knows the questions about ages that wait for guardians (docs/adr/0088)."""
    vouching.age_questions_from(reader, answer)


def rows_of_person(child: ChildRef) -> Sequence[ChildRef]:
    """This child's row and all others that are proven to be of the same person."""
    return [ChildRef(row) for row in officers.rows_of_person(child)]


def family(ref: vault.FamilyRef, *, now: datetime) -> FamilyView:
    """Why a family is kept and until when; references and dates alone. Raises NoSuchFamily."""
    return forgetting.view(ref, now=now)


def families_over(*, now: datetime) -> Sequence[vault.FamilyRef]:
    """The families that the next daily run forgets."""
    return [vault.FamilyRef(one) for one in holding.due(now)]


def forget_family(ref: vault.FamilyRef, *, why: str, despite_open: bool = False, now: datetime) -> FamilyView:
    """
    Forget a family before its term: key, sealed fields, look-ups, salts and links. `why` stands in the ledger for ever.

    Args:
        why: 1 to 200 characters without mail address, telephone number or NIK; whoever writes it names nobody.
        despite_open: also while answers or proofs are owed (docs/adr/0047); never while an account is in use.

    Raises:
        NoSuchFamily, StillHeld, WhyRefused
    """
    forgetting.forget(ref, why=forgetting.reason(why), despite_open=despite_open, now=now)
    return forgetting.view(ref, now=now)


def settle_due(now: datetime) -> int:
    """Write what time itself has done: lapses and ends (at their due instant), birthdays that change a
    band. Idempotent.

    Returns how many facts were written.
    """
    return settling.settle_due(now)


def register_provider(
    *,
    slug: str,
    name: Mapping[str, str],
    issuer: str,
    audience: str,
    ask_url: str,
    keys: Mapping[str, Any],
    checks_names: bool = False,
    now: datetime,
) -> None:
    """Register an office whose verdicts about relations count (docs/guides/relation-verdict.md). `checks_names`: it
    compares the child's nickname, and then a verdict about another name is refused.
    """
    guardians.register_provider(
        slug=slug, name=name, issuer=issuer, audience=audience, ask_url=ask_url, keys=keys,
        checks_names=checks_names, now=now,
    )  # fmt: skip


def mailbox(*, limit: int = 200) -> Sequence[Mapping[str, Any]]:
    """Every mail and message sent, for the story's mailbox page; raises NotTheStory outside of the story."""
    return outbox.mailbox(limit=limit)
