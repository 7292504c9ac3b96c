"""What people do with a request and a consent: each act is one transaction with its record, ledger entry
and event.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core.consent import WAITING, Event, State, after, effective
from ruangaman.rooms.families import children, deletions, events, outbox, receipts, records
from ruangaman.rooms.families.errors import (
    AlreadyAnswered,
    ClosedByLaw,
    NotFound,
    NothingToWithdraw,
    NotTheGuardian,
    RequestLapsed,
)
from ruangaman.rooms.families.models import (
    Child,
    ConsentRequest,
    Guardian,
    Outgoing,
    RecordEvent,
    Relation,
    Watch,
)
from ruangaman.rooms.families.types import ChildRef, ConsentEvent, DeletionRef, RequestRef
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

KINDS_OF_EVENT = {
    State.GIVEN: "consent.given",
    State.REFUSED: "consent.refused",
    State.LAPSED: "consent.lapsed",
    State.NOT_MY_CHILD: "consent.lapsed",
    State.EXPIRED: "consent.lapsed",
    State.INVALIDATED: "consent.lapsed",
    State.WITHDRAWN: "consent.withdrawn",
}
LINE = 200
"""How many characters the one sentence to the child may have."""
SILENCED = "families.silenced"
SLIP = timedelta(minutes=10)
"""How long "not my child" can be taken back by who said it by a letter: as short as the saying, and no law's number."""
IN_THE_LEDGER = {State.REQUESTED, State.REPLACED, *KINDS_OF_EVENT}


def locked(request: UUID) -> ConsentRequest:
    """The row, locked for this transaction; raises NotFound."""
    ledger.line_up()
    row = (
        ConsentRequest.objects.select_for_update(of=("self",))
        .select_related("child", "child__person")
        .filter(pk=request)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def locked_family(request: UUID) -> UUID:
    """The family that a request belongs to now; it may have moved since the row was read."""
    family: UUID = ConsentRequest.objects.values_list("family", flat=True).get(pk=request)
    return family


def state_of(row: ConsentRequest, now: datetime) -> State:
    """The state that holds now."""
    return effective(State(row.state), row.due_at, now, row.ends_at)


def step(row: ConsentRequest, event: Event, *, at: datetime, **changes: object) -> None:
    """One step of the table, written with the columns that go with it."""
    row.state = after(State(row.state), event).value
    row.changed_at = at
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "changed_at", *changes])


def record(
    row: ConsentRequest, state: State, *, at: datetime, guardian: Guardian | None = None
) -> RecordEvent:
    """One event of the consent record; consequential ones leave a salted leaf in the ledger."""
    one = RecordEvent(
        id=ids.new(at),
        family=row.family,
        request=row,
        number=row.events.count() + 1,
        event_time=at,
        event_type="dpv:ExplicitlyExpressedConsent",
        event_state=records.event_state(state, row.kind),
        guardian=guardian,
    )
    if state in IN_THE_LEDGER:
        leaf = {
            "record_id": str(row.record_id),
            "event": str(one.pk),
            "state": one.event_state,
            "at": at.isoformat(),
            "guardian": str(guardian.pk) if guardian else None,
            "notice": row.notice_sha256,
        }
        salt, hexadecimal = ledger.salted(json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode())
        entry = ledger.append(
            f"consent.{state.value}",
            {"service": row.card["slug"], "kind": row.kind, "salted_sha256": hexadecimal},
            at=at,
        )
        one.salt, one.ledger_index, one.ledger_hash = salt, entry.index, hexadecimal
    one.save(force_insert=True)
    return one


def tell(row: ConsentRequest, kind: str, at: datetime, **facts: str | bool | None) -> None:
    """Say what happened, to whom it concerns above."""
    events.tell(
        ConsentEvent(
            kind,
            RequestRef(row.pk),
            ChildRef(row.child_id),
            row.service_ref,
            at,
            {"state": row.state, "kind": row.kind, **facts},
        )
    )


def write_end(row: ConsentRequest, *, now: datetime) -> bool:
    """Write the lapse or the end that time brought, at its own instant and not at `now`; False when there
    is none.
    """
    state = state_of(row, now)
    if state.value == row.state:
        return False
    if state is State.LAPSED:
        at = row.due_at
        assert at is not None
        step(row, Event.LAPSE, at=at)
    else:
        at = row.ends_at
        assert at is not None
        step(row, Event.EXPIRE, at=at, ended_at=at)
    record(row, state, at=at)
    tell(row, KINDS_OF_EVENT[state], at, why="due" if state is State.LAPSED else "end")
    return True


@transaction.atomic
def mark(request: UUID, event: Event, *, now: datetime) -> None:
    """Delivered, failed or opened: written while the request waits, silently ignored once it does not."""
    row = locked(request)
    if state_of(row, now) not in WAITING:
        return
    before = row.state
    step(row, event, at=now, **({"delivered_at": now} if event is Event.DELIVER else {}))
    if row.state != before:
        record(row, State(row.state), at=now)


def relation_for(child: Child, guardian: Guardian, *, now: datetime) -> Relation:
    """The valid relation with full authority between the two; raises NotTheGuardian, always so once the child is 18."""
    return _relation(child, guardian, now=now, expired_too=False)


def closing_relation(row: ConsentRequest, guardian: Guardian, *, now: datetime) -> Relation:
    """
    The relation by which this guardian may close what a yes opened. Of the one who gave this very yes an expired proof
    counts too: closing needs no new proof, opening does (docs/adr/0048). Raises NotTheGuardian as `relation_for`.
    """
    return _relation(row.child, guardian, now=now, expired_too=gave(row, guardian))


def _relation(child: Child, guardian: Guardian, *, now: datetime, expired_too: bool) -> Relation:
    if children.grown(child.root, now):
        raise NotTheGuardian(why="grown")
    found = Relation.objects.filter(
        child=child.root, guardian=guardian, authority="full", level__gte=3, valid_from__lte=now
    )
    row = (found if expired_too else found.exclude(valid_to__lte=now)).first()
    if row is None:
        raise NotTheGuardian(why="relation")
    return row


def gave(row: ConsentRequest, guardian: Guardian) -> bool:
    """Whether the answer to this request is this person's, in whatever family."""
    one = row.guardian
    if one is None or one.pk == guardian.pk:
        return one is not None
    return one.identity is not None and bytes(one.identity) == bytes(guardian.identity or b"")


@transaction.atomic
def answer(request: UUID, *, guardian: UUID, yes: bool, now: datetime, line: str = "") -> ConsentRequest:
    """
    A proven guardian answers. The same answer twice by the same guardian is one answer.

    Raises:
        NotTheGuardian: no valid relation with full authority to this child.
        RequestLapsed: past the due instant; nothing is written, the job runner or the next request writes
        the lapse. AlreadyAnswered: somebody answered before, or the request was closed.
        ClosedByLaw: a yes to what the law closes at this age.
    """
    row = locked(request)
    who = Guardian.objects.get(pk=guardian)
    relation = relation_for(row.child, who, now=now)
    state = state_of(row, now)
    if state is State.LAPSED:
        raise RequestLapsed
    if state not in WAITING:
        wanted = State.GIVEN if yes else State.REFUSED
        if state is wanted and row.guardian_id == who.pk:
            return row
        raise AlreadyAnswered(state=state.value)
    if yes and closed_by_law(row):
        raise ClosedByLaw
    step(row, Event.VERIFY, at=now)
    record(row, State.GUARDIAN_VERIFIED, at=now, guardian=who)
    outcome = State.GIVEN if yes else State.REFUSED
    step(
        row,
        Event.GIVE if yes else Event.REFUSE,
        at=now,
        guardian=who,
        answered_at=now,
        relation_kind=relation.kind,
        proof_level=relation.level,
        proof_method=relation.method,
        **({} if yes else {"ended_at": now, "ended_by": who}),
        **_line(row, line, now),
    )
    record(row, outcome, at=now, guardian=who)
    tell(row, KINDS_OF_EVENT[outcome], now, by="parent", relation=relation.kind)
    receipts.make(
        outcome.value,
        row.child,
        row,
        facts={"answered_at": now.isoformat(), "relation": relation.kind},
        now=now,
    )
    if not yes:
        deletions.start(row.child, row, "refused", at=now)
    return row


def too_long(line: str) -> bool:
    """Whether one sentence to the child is longer than it may be."""
    return len(" ".join(line.split())) > LINE


def _line(row: ConsentRequest, line: str, now: datetime) -> dict[str, object]:
    words = " ".join(line.split())[:LINE]
    return {"note": vault.seal(vault.FamilyRef(row.family), "families.note", words, now=now)} if words else {}


def law_answer(row: ConsentRequest) -> dict[str, object]:
    """The law's answer as it was when the request was made."""
    return dict(vault.reveal(vault.SealedRef(row.answer), purpose="show the reason of a request"))


def closed_by_law(row: ConsentRequest) -> bool:
    """Whether no guardian can open this: the law itself said no when the request was made."""
    return law_answer(row).get("outcome") == "deny"


@transaction.atomic
def not_my_child(request: UUID, *, now: datetime, letter: UUID) -> None:
    """Whoever owns a letter's address says: not my child. The request closes, and the address is asked no
    more.
    """
    row = locked(request)
    state = state_of(row, now)
    if state is State.LAPSED:
        raise RequestLapsed
    if state not in WAITING:
        raise AlreadyAnswered(state=state.value)
    step(row, Event.DENY_CHILD, at=now, ended_at=now)
    record(row, State.NOT_MY_CHILD, at=now)
    outgoing = Outgoing.objects.filter(pk=letter, request=row).first()
    if outgoing is None:
        raise NotFound
    address = str(vault.reveal(vault.SealedRef(outgoing.address), purpose="ask this address no more"))
    # Under a key of its own: the promise to whoever owns the address outlives the family that asked.
    said_of = str(row.child_id)
    vault.seal(vault.open_family(now=now), SILENCED, said_of, now=now, searchable=address)
    tell(row, KINDS_OF_EVENT[State.NOT_MY_CHILD], now, why="not_my_child")


def slip_until(row: ConsentRequest) -> datetime | None:
    """Until when "not my child" by a letter can be taken back; None where nobody said so."""
    if State(row.state) is not State.NOT_MY_CHILD or row.ended_at is None:
        return None
    until: datetime = row.ended_at + SLIP
    return until if row.due_at is None else min(until, row.due_at)


@transaction.atomic
def my_child_after_all(request: UUID, *, now: datetime, letter: UUID) -> None:
    """
    "Not my child" was a slip: the request waits again, with the window that it had, and its address hears of it again.

    Raises:
        RequestLapsed: the minutes for it, or the window, are over.
        AlreadyAnswered: nobody said so, or the child has asked anew meanwhile.
    """
    row = locked(request)
    until = slip_until(row)
    outgoing = Outgoing.objects.filter(pk=letter, request=row).first()
    live = [*WAITING, State.GIVEN]
    newer = ConsentRequest.objects.filter(child=row.child_id, service_ref=row.service_ref, state__in=live)
    if until is None or outgoing is None or newer.exists():
        raise AlreadyAnswered(state=row.state)
    if now > until:
        raise RequestLapsed
    step(row, Event.OWN_CHILD, at=now, ended_at=None)
    record(row, State.OPENED, at=now)
    ledger.append("consent.not-my-child-taken-back", {"service": row.card["slug"], "kind": row.kind}, at=now)
    address = str(vault.reveal(vault.SealedRef(outgoing.address), purpose="this address may be asked again"))
    for silence in vault.find(SILENCED, address):
        if vault.reveal(silence, purpose="which child it was said of") == str(row.child_id):
            vault.forget_family(vault.family_of(silence), now=now)
    tell(row, "consent.requested", now)


@transaction.atomic
def went_astray(request: UUID, *, now: datetime) -> None:
    """
    Whoever came by code or QR says: not my child. That may be anybody near the child, so the request waits on for the
    real parent; the child reads that it reached somebody else. Told once, until the child sends it again.
    """
    row = locked(request)
    if state_of(row, now) in WAITING and row.astray_at is None:
        row.astray_at = now
        row.save(update_fields=["astray_at"])


def sent_again(request: UUID) -> None:
    """The child sent the request again, or who said "not my child" took it back: there is nothing to tell any more."""
    ConsentRequest.objects.filter(pk=request, astray_at__isnull=False).update(astray_at=None)


@transaction.atomic
def withdraw(request: UUID, *, guardian: UUID, now: datetime, line: str = "") -> ConsentRequest:
    """
    End one yes. Any guardian with full authority may, and whoever gave it also with a proof that has expired; access
    ends now, the deletion begins now.
    """
    row = locked(request)
    who = Guardian.objects.get(pk=guardian)
    relation = closing_relation(row, who, now=now)
    state = state_of(row, now)
    if state is State.WITHDRAWN and row.ended_by_id == who.pk:
        return row
    if state is not State.GIVEN:
        raise NothingToWithdraw(state=state.value)
    step(row, Event.WITHDRAW, at=now, ended_at=now, ended_by=who, **_line(row, line, now))
    record(row, State.WITHDRAWN, at=now, guardian=who)
    tell(row, KINDS_OF_EVENT[State.WITHDRAWN], now, by="parent", relation=relation.kind)
    end_watches(row, now)
    receipts.make("withdrawn", row.child, row, facts={"withdrawn_at": now.isoformat()}, now=now)
    deletions.start(row.child, row, "withdrawn", at=now)
    return row


def living_with(row: ConsentRequest, now: datetime) -> list[ConsentRequest]:
    """Every yes that lives for this person at the service of this one, the oldest first: a child that signed up in two
    windows has two accounts there, with a yes each.
    """
    asked = ConsentRequest.objects.filter(
        child__in=children.everyone(row.child.root), service_ref=row.service_ref, state=State.GIVEN
    )
    return [
        one
        for one in asked.select_related("child", "child__person").order_by("pk")
        if state_of(one, now) is State.GIVEN
    ]


def closable(row: ConsentRequest, guardian: Guardian, *, now: datetime) -> list[ConsentRequest]:
    """Of these, those that this guardian may end."""
    found = []
    for one in living_with(row, now):
        with suppress(NotTheGuardian):
            closing_relation(one, guardian, now=now)
            found.append(one)
    return found


@transaction.atomic
def withdraw_all(request: UUID, *, guardian: UUID, now: datetime, line: str = "") -> list[ConsentRequest]:
    """
    End every yes of this child at this service that the guardian may end: "closed" is then true of the service
    (docs/adr/0049). Each gets its own record, receipt and deletion.

    Raises:
        NotTheGuardian, NothingToWithdraw: as `withdraw`, when there is none.
    """
    row = ConsentRequest.objects.select_related("child", "child__person").filter(pk=request).first()
    if row is None:
        raise NotFound
    ended = []
    for one in closable(row, Guardian.objects.get(pk=guardian), now=now):
        with suppress(NothingToWithdraw):  # somebody else ended it in this moment
            ended.append(withdraw(one.pk, guardian=guardian, now=now, line=line))
    return ended or [withdraw(request, guardian=guardian, now=now, line=line)]


@transaction.atomic
def end_waiting(root: Child, *, at: datetime) -> int:
    """No guardian answers for who is grown: what waits for one ends at `at`. Returns how many requests did."""
    waiting = ConsentRequest.objects.filter(child__in=children.everyone(root), state__in=list(WAITING))
    ended = 0
    for identity in waiting.order_by("pk").values_list("pk", flat=True):
        row = locked(identity)
        if State(row.state) not in WAITING:  # answered in this moment
            continue
        ended += 1
        if write_end(row, now=at):
            continue
        step(row, Event.INVALIDATE, at=at, ended_at=at)
        record(row, State.INVALIDATED, at=at)
        tell(row, KINDS_OF_EVENT[State.INVALIDATED], at, why="age")
    return ended


def own_consents(row: ConsentRequest, now: datetime) -> list[ConsentRequest]:
    """What this person agreed to itself at the service of this one, confirmed or waiting for it, the oldest first."""
    asked = ConsentRequest.objects.filter(
        child__in=children.everyone(row.child.root), service_ref=row.service_ref, kind="confirmation"
    )
    states = (*WAITING, State.GIVEN)
    return [
        one
        for one in asked.select_related("child", "child__person").order_by("pk")
        if state_of(one, now) in states
    ]


@transaction.atomic
def take_back(request: UUID, *, now: datetime) -> list[ConsentRequest]:
    """
    A child of 17 takes back its own consent, before or after a parent confirmed it: for every account of its own at
    this service (docs/adr/0049), each with its own record, receipt and deletion. Access ends now, the deletions begin
    now, the platform hears of each, the guardians get one letter. Twice is once.

    Raises:
        NotTheGuardian: the yes is a parent's, not the child's. NothingToWithdraw: nothing waits or lives.
    """
    row = locked(request)
    if row.kind != "confirmation":
        raise NotTheGuardian(why="own")
    if taken_back(row):
        return [row]
    state = state_of(row, now)
    if state not in WAITING and state is not State.GIVEN:
        raise NothingToWithdraw(state=state.value)
    ended = []
    for one in own_consents(row, now):
        with suppress(NothingToWithdraw):  # somebody else ended it in this moment
            ended.append(_take_back_one(one.pk, now=now))
    outbox.to_guardians(row.child.root, "withdrawn", request=row, now=now)
    return ended


def _take_back_one(request: UUID, *, now: datetime) -> ConsentRequest:
    row = locked(request)
    state = state_of(row, now)
    if state not in WAITING and state is not State.GIVEN:
        raise NothingToWithdraw(state=state.value)
    # Before the parent's word there is no consent of two to withdraw: the request itself falls.
    step(row, Event.WITHDRAW if state is State.GIVEN else Event.INVALIDATE, at=now, ended_at=now)
    record(row, State.WITHDRAWN, at=now)
    tell(row, "consent.withdrawn", now, by="child")
    end_watches(row, now)
    receipts.make(
        "withdrawn", row.child, row, facts={"withdrawn_at": now.isoformat(), "by": "child"}, now=now
    )
    deletions.start(row.child, row, "withdrawn", at=now)
    return row


def taken_back(row: ConsentRequest) -> bool:
    """Whether the child itself ended this by taking its own consent back."""
    return (
        row.kind == "confirmation"
        and row.ended_by_id is None
        and row.deletions.filter(reason="withdrawn").exists()
    )


def end_watches(row: ConsentRequest, now: datetime) -> None:
    """What a guardian saw of this service ends with the consent."""
    Watch.objects.filter(permission__request=row, until__isnull=True).update(until=now)


@transaction.atomic
def close(child: ChildRef, *, now: datetime, request: RequestRef | None = None) -> DeletionRef | None:
    """The account is closed at the platform. What waits or lives ends; a deletion begins unless one runs
    already.
    """
    who = children.get(child)
    chosen = ConsentRequest.objects.filter(child=who).order_by("-created_at")
    rows = [locked(one.pk) for one in (chosen.filter(pk=request) if request else chosen)]
    started: DeletionRef | None = None
    for row in rows:
        state = state_of(row, now)
        if state in (State.LAPSED, State.EXPIRED) and state.value != row.state:
            write_end(row, now=now)
        elif state in WAITING or state is State.GIVEN:
            step(row, Event.INVALIDATE, at=now, ended_at=now)
            record(row, State.INVALIDATED, at=now)
            tell(row, "consent.lapsed", now, why="account_closed")
            end_watches(row, now)
    if rows:
        running = next((row.deletions.first() for row in rows if row.deletions.exists()), None)
        newest = rows[0]
        if running is not None and not newest.deletions.exists() and running.done_at is None:
            started = DeletionRef(running.pk)
        elif newest.deletions.exists():
            task = newest.deletions.get()
            started = DeletionRef(task.pk) if task.done_at is None else None
        else:
            started = DeletionRef(deletions.start(who, newest, "closed", at=now).pk)
    Child.objects.filter(pk=who.pk, closed_at__isnull=True).update(closed_at=now)
    ledger.append("child.account-closed", {}, at=now)
    return started
