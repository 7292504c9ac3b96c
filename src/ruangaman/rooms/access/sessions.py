"""Sessions: a child signs up, the age becomes known better, the account is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.db import IntegrityError, transaction

from ruangaman.adapters import ids, packs
from ruangaman.core.consent import WAITING, State
from ruangaman.core.law import Answer, Pack
from ruangaman.rooms.access import age_checks, ages, deciding, events, sandbox, statuses
from ruangaman.rooms.access.desk import matters
from ruangaman.rooms.access.errors import (
    AgeNotStronger,
    AskedTooOften,
    CountryUnknown,
    FieldRefused,
    NotFound,
    ReturnUnknown,
    ServiceUnknown,
    SessionClosed,
)
from ruangaman.rooms.access.keys import Caller
from ruangaman.rooms.access.models import AccessSession, GuardianAsk, Service
from ruangaman.rooms.access.wire import Guardian, NewAge, NewSession
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

ASKS_A_DAY: Final = 5
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, and whether this call made it."""

    session: AccessSession
    created: bool


def pack_for(country: str) -> Pack:
    """The law of a country; raises CountryUnknown."""
    found = packs.all()
    if country not in found:
        raise CountryUnknown
    return found[country]


def service_for(caller: Caller, slug: str) -> Service:
    """A living service of this key; raises ServiceUnknown, also for another operator's."""
    rows = Service.objects.filter(slug=slug, retired_at__isnull=True, operator=caller.operator)
    if caller.service:
        rows = rows.filter(id=caller.service)
    row = rows.first()
    if row is None:
        raise ServiceUnknown
    return row


def for_caller(caller: Caller, ref: UUID, *, lock: bool = False) -> AccessSession:
    """
    One session of this key's services; raises NotFound, also for another platform's.

    Args:
        lock: for an act on it; then in the turn at the ledger, in which an age that is proved now comes to it too.
    """
    if lock:
        ledger.line_up()
    mine = {"service_id": caller.service} if caller.service else {"service__operator": caller.operator}
    rows = AccessSession.objects.select_related("service").filter(id=ref, sandbox=caller.sandbox, **mine)
    row = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if row is None or row.openid == AccessSession.OPENID_ASKED:  # nobody was told of it yet
        raise NotFound(what="session")
    return row


def subject_key(service: Service, is_sandbox: bool, subject: str) -> bytes:
    """By what a platform's pseudonym is found."""
    return vault.lookup("access.subject", f"{service.id}|{'test' if is_sandbox else 'live'}|{subject}")


def consent_of(session: AccessSession, *, now: datetime) -> families.ConsentView | None:
    """Where the latest question to a guardian stands."""
    if session.request is None:
        return None
    if session.sandbox:
        return sandbox.view(session.request, now=now)
    return families.consent_of(families.RequestRef(session.request), now=now)


def known(session: AccessSession, *, now: datetime) -> deciding.Known:
    """All that a decision about this session rests on. An age that a contest holds is unknown."""
    age = {} if age_checks.held(session) else families.child_age(families.ChildRef(session.child)) or {}
    return deciding.Known(
        age=age.get("age"),
        evidence=age.get("evidence"),
        assurance=age.get("assurance"),
        consent=consent_of(session, now=now),
    )


def decision(session: AccessSession, what: deciding.Known, *, now: datetime) -> deciding.Decision:
    """The law's answer about this session now."""
    service = session.service
    return deciding.decide(pack_for(session.country), service.facts(), service.features, what, now=now)


def answer_now(child: families.ChildRef, *, now: datetime) -> dict[str, Any] | None:
    """What the law says at `now` of this child's living account; None when there is none. Writes nothing."""
    rows = AccessSession.objects.select_related("service").filter(child=child, closed_at__isnull=True)
    session = rows.first()
    if session is None:
        return None
    return decision(session, known(session, now=now), now=now).answer.as_dict()


@transaction.atomic
def open_session(caller: Caller, asked: NewSession, *, openid: bool = False, now: datetime) -> Opened:
    """
    A child signs up, or comes back: the same pseudonym at the same service continues its living session.

    Args:
        openid: it comes by OpenID Connect; then the API tells little of the account from here on, whoever began it.

    Raises:
        ServiceUnknown, CountryUnknown, ReturnUnknown: see the catalogue. FieldRefused: also the subject of an account
        that OpenID Connect began, which goes on by OpenID Connect alone.
        AskedTooOften: a new question to a guardian was due, and there were five within a day.
    """
    service = service_for(caller, asked.service)
    pack_for(asked.country)
    if asked.return_to is not None and asked.return_to not in service.return_addresses:
        raise ReturnUnknown
    key = subject_key(service, caller.sandbox, asked.subject)
    ledger.line_up()  # an age that is proved at this moment holds the ledger, and then wants the row
    living = AccessSession.objects.select_for_update(of=("self",), no_key=True).select_related("service")
    living = living.filter(service=service, sandbox=caller.sandbox, subject_key=key, closed_at__isnull=True)
    session = living.first()
    created = session is None
    if session is None:
        try:
            with transaction.atomic():
                session = _create(caller, service, key, asked, openid, now)
        except IntegrityError:  # the same child signed up twice at once, and the other call was first
            session, created = living.get(), False
    else:
        _same_door(session, openid)
        _renew(session, asked, now)
    _advance(session, asked.guardian, now=now)
    return Opened(session, created)


def _same_door(session: AccessSession, openid: bool) -> None:
    """A platform cannot go on by the API with an account of OpenID Connect, nor keep one open for what it tells."""
    if session.openid and not openid:
        raise FieldRefused(field="subject", why="goes on by OpenID Connect alone")
    if openid and not session.openid:
        session.openid = AccessSession.OPENID_TOLD
        session.save(update_fields=["openid"])


def _create(
    caller: Caller, service: Service, key: bytes, asked: NewSession, openid: bool, now: datetime
) -> AccessSession:
    ref = ids.new(now)
    family = vault.open_family(now=now)
    salt, name = ledger.salted(ref.bytes)
    age = asked.age.facts() if asked.age else None
    nickname = asked.child.nickname if asked.child else None
    child = families.add_child(nickname=nickname, age=age, now=now)
    if age:
        families.set_child_age(child, age, asked.evidence or "self_declared", asked.assurance, now)
    session = AccessSession.objects.create(
        id=ref,
        service=service,
        sandbox=caller.sandbox,
        family=family,
        subject=vault.seal(family, "access.subject", asked.subject, now=now),
        subject_key=key,
        child=child,
        country=asked.country,
        language=asked.language,
        child_consented_at=now if asked.child_consent else None,
        openid=AccessSession.OPENID_ASKED if openid else "",
        return_to=asked.return_to or "",
        salt=salt,
        ledger_name=name,
        created_at=now,
        updated_at=now,
    )
    ledger.append(
        "access.session-opened",
        {"session": name, "service": service.slug, "sandbox": caller.sandbox, "key": caller.key_id},
        at=now,
    )
    return session


def _renew(session: AccessSession, asked: NewSession, now: datetime) -> None:
    """What a repeated sign-up says anew. The country of a living session does not change."""
    if asked.country != session.country:
        raise FieldRefused(field="country", why="differs from the living session")
    if asked.age is not None:
        # Whoever signs up again with an older age than is known goes on with what is known.
        _take_age(session, asked.age.facts(), asked.evidence or "self_declared", asked.assurance, now)
    changed = []
    if asked.child_consent is not None and asked.child_consent != (session.child_consented_at is not None):
        session.child_consented_at = now if asked.child_consent else None
        changed.append("child_consented_at")
    elif asked.child_consent and not _own_yes(session, known(session, now=now)):
        # Said again: what it said as a younger child was no yes, and this one may be.
        session.child_consented_at = now
        AccessSession.objects.filter(id=session.id).update(child_consented_at=now)
    if asked.return_to is not None:
        session.return_to = asked.return_to
        AccessSession.objects.filter(id=session.id).update(return_to=asked.return_to)
    if asked.language != session.language:
        session.language = asked.language
        changed.append("language")
    if changed:
        session.updated_at = now
        session.save(update_fields=[*changed, "updated_at"])


def _take_age(
    session: AccessSession, age: Mapping[str, Any], evidence: str, assurance: str | None, now: datetime
) -> bool:
    """Weigh a word about the age against what is known, and note it; False when it would make somebody older."""
    pack = pack_for(session.country)
    known = families.age_told(families.ChildRef(session.child))
    old = known and ages.Told(
        known.age, known.evidence, known.assurance, ages.day_of(pack, known.at), known.born_from
    )
    new = ages.Told(age, evidence, assurance, ages.day_of(pack, now))
    change, born_from = ages.change(pack, old, new)
    if old is not None and (old.age, old.evidence, old.assurance) == (age, evidence, assurance):
        return True
    if change == "take":
        _write_age(session, age, evidence, assurance, now, born_from)
    else:
        facts = {"session": session.ledger_name, "evidence": evidence, "change": change}
        ledger.append("access.age-not-taken", facts, at=now)
    return change != "refuse"


def _write_age(
    session: AccessSession,
    age: Mapping[str, Any],
    evidence: str,
    assurance: str | None,
    now: datetime,
    born_from: int | None = None,
) -> None:
    """Replace what is known of the age."""
    families.set_child_age(families.ChildRef(session.child), age, evidence, assurance, now, born_from)
    session.updated_at = now
    session.save(update_fields=["updated_at"])
    ledger.append("access.age-told", {"session": session.ledger_name, "evidence": evidence}, at=now)


@transaction.atomic
def tell_age(caller: Caller, ref: UUID, told: NewAge, *, now: datetime) -> AccessSession:
    """
    The platform knows the age better; the law is asked anew, and a guardian when it says so.

    Raises:
        NotFound; SessionClosed: the account was closed.
        FieldRefused: OpenID Connect began it, and what is taken or not would tell what is known.
        AgeNotStronger: somebody older than is known, by evidence that is no stronger.
    """
    session = for_caller(caller, ref, lock=True)
    if session.closed_at is not None:
        raise SessionClosed
    if session.openid:
        raise FieldRefused(field="age", why="this account goes on by OpenID Connect alone")
    if not _take_age(session, told.age.facts(), told.evidence, told.assurance, now):
        raise AgeNotStronger
    _advance(session, None, now=now)
    return session


def correct_age(session: AccessSession, age: Mapping[str, Any], evidence: str, *, now: datetime) -> None:
    """An officer found another age right: the law is asked anew, and the platform is told to look. Call inside the
    transaction of the officer's answer.
    """
    _write_age(session, age, evidence, None, now)
    _age_changed(session, now)


def drop_age(session: AccessSession, *, now: datetime) -> None:
    """What was known of the age is not of this person: nothing is known any more. Inside the transaction of that."""
    families.set_child_age(families.ChildRef(session.child), None, "none", None, now)
    session.updated_at = now
    session.save(update_fields=["updated_at"])
    ledger.append("access.age-dropped", {"session": session.ledger_name}, at=now)
    _age_changed(session, now)


def look_again(session: AccessSession, *, now: datetime) -> None:
    """A contest holds the age, or holds it no more: the law is asked anew. Inside the transaction of that."""
    _age_changed(session, now)


def take_proved(
    session: AccessSession, age: Mapping[str, Any], evidence: str, assurance: str | None, *, now: datetime
) -> None:
    """An age was proved or said on the page of a check. Call inside the transaction of that, with the row locked."""
    _take_age(session, age, evidence, assurance, now)
    _age_changed(session, now)


def _age_changed(session: AccessSession, now: datetime) -> None:
    """Ask the law anew, and let the platform look."""
    if session.closed_at is not None:
        return
    try:
        with transaction.atomic():
            _advance(session, None, now=now)
    except AskedTooOften:  # the age stands all the same; a guardian is asked at the next sign-up
        _note_state(session, now)
    events.write_of(session, "child.age_band_changed", {}, at=now)


def _advance(session: AccessSession, guardian: Guardian | None, *, now: datetime) -> None:
    """Ask the law, ask a guardian when one is to be asked and none is, and note where the session stands."""
    what = known(session, now=now)
    decided = decision(session, what, now=now)
    if decided.answer.outcome in deciding.ASKING and _must_ask(session, what, decided, guardian):
        _ask_guardian(session, what, decided, guardian, now)
        decided = decision(session, known(session, now=now), now=now)
    if decided.state != session.state:
        session.state = decided.state
        session.updated_at = max(now, session.updated_at)
        session.save(update_fields=["state", "updated_at"])
        ledger.append(
            "access.decided",
            {
                "session": session.ledger_name,
                "state": decided.state,
                "law": str(decided.answer.law_version["hash"]),
            },
            at=now,
        )
    _tell_the_child(session, decided, now=now)
    statuses.follow(session, decided.state, held=age_checks.held, now=now)
    age_checks.ask(session, pack_for(session.country), what, now=now)


def _tell_the_child(session: AccessSession, decided: deciding.Decision, *, now: datetime) -> None:
    """Keep the law's answer for the child's own page, whatever it is: what is closed is told and explained there."""
    if not session.sandbox:
        families.show_decision(
            families.ChildRef(session.child),
            card=card(session),
            answer=decided.answer.as_dict(),
            now=now,
        )


def _address(guardian: Guardian | None) -> str | None:
    if guardian is None:
        return None
    said = (guardian.email or "").strip().lower() + "|" + "".join((guardian.phone or "").split())
    return said if said != "|" else None


def _guardian_key(session: AccessSession, guardian: Guardian | None) -> bytes | None:
    said = _address(guardian)
    return vault.lookup("access.guardian", f"{session.service_id}|{said}") if said else None


def _own_yes(session: AccessSession, what: deciding.Known) -> bool:
    """Whether the child said a yes that was its own to give when it said it."""
    at = session.child_consented_at
    return deciding.own_yes(pack_for(session.country), session.service.facts(), what, at=at)


def _must_ask(
    session: AccessSession, what: deciding.Known, decided: deciding.Decision, guardian: Guardian | None
) -> bool:
    consent = what.consent
    if consent is None:
        return True
    kind = deciding.request_kind(decided.answer, _own_yes(session, what))
    address = _guardian_key(session, guardian)
    same_address = address is not None and session.guardian_key and address == bytes(session.guardian_key)
    other_address = address is not None and not same_address
    void = decided.answer.outcome == "ask_guardian" and consent.kind == "confirmation" and kind == "consent"
    if consent.state in WAITING:
        return other_address or void
    if consent.state is State.NOT_MY_CHILD:
        return not same_address  # without any address no letter goes out; the child shows code or QR
    return void or consent.state is not State.GIVEN


def _ask_guardian(
    session: AccessSession,
    what: deciding.Known,
    decided: deciding.Decision,
    guardian: Guardian | None,
    now: datetime,
) -> None:
    """One question to a guardian, with the window of the law; linked to the one before it."""
    asked = GuardianAsk.objects.filter(session__subject_key=session.subject_key, asked_at__gt=now - DAY)
    times = list(asked.order_by("asked_at").values_list("asked_at", flat=True))
    if len(times) >= ASKS_A_DAY:
        raise AskedTooOften(wait_s=int((times[-ASKS_A_DAY] + DAY - now).total_seconds()) + 1)
    pack = pack_for(session.country)
    kind = deciding.request_kind(decided.answer, _own_yes(session, what))
    due_at = window_end(pack, what, now=now)
    before = session.request
    session.guardian_key = _guardian_key(session, guardian) or session.guardian_key
    if session.sandbox:
        session.request = sandbox.ask(session, kind=kind, due_at=due_at, follows=before, now=now)
    else:
        invitation = families.request_consent(
            child=families.ChildRef(session.child),
            card=card(
                session,
                deciding.card_features(
                    pack, session.service.facts(), session.service.features, what, now=now
                ),
            ),
            kind=kind,
            due_at=due_at,
            answer=decided.answer.as_dict(),
            guardian_email=guardian.email if guardian else None,
            guardian_phone=guardian.phone if guardian else None,
            now=now,
            linked_to=families.RequestRef(before) if before else None,
            language=session.language,
        )
        session.request = invitation.request
        GuardianAsk.objects.create(
            request=session.request, session=session, kind=kind, asked_at=now, follows_id=before
        )
    session.updated_at = now
    session.save(update_fields=["request", "guardian_key", "updated_at"])


def window_end(pack: Pack, what: deciding.Known, *, now: datetime) -> datetime | None:
    """Until when the guardian may answer; None when the law gives no number.

    An age that leaves several windows open takes the earliest of them: a late yes costs a new question, a window too
    long would keep a child waiting on what has lapsed.
    """
    due = pack.due("consent_window", now, facts={"age": dict(what.age)} if what.age else None)
    return due.due_at or min((at for _, at in due.readings if at is not None), default=None)


def card(session: AccessSession, features: tuple[families.Feature, ...] = ()) -> families.ServiceCard:
    """What guardian and child read about the service; `features` are the switches for a child of this age."""
    service = session.service

    def texts(rows: list[dict[str, str]]) -> tuple[families.Text, ...]:
        return tuple(families.Text(id=row["id"], en=row["en"]) for row in rows)

    return families.ServiceCard(
        service_ref=service.id,
        slug=service.slug,
        operator=service.operator,
        name=service.name,
        purpose=families.Text(id=service.purpose.get("id", ""), en=service.purpose.get("en", "")),
        opens=texts(service.opens),
        stays_closed=texts(service.stays_closed),
        data_requested=tuple(cast(families.DataAsked, dict(row)) for row in service.data_requested),
        handling=service.handling,
        contact=service.contact,
        risk_profile=service.risk_profile,
        designed_for_children=service.designed_for_children,
        type=service.type,
        jurisdiction=session.country,
        features=features,
        determined_by=service.risk_determined_by,
        determined_at=service.risk_determined_at.isoformat() if service.risk_determined_at else "",
    )


@transaction.atomic
def close(caller: Caller, ref: UUID, *, now: datetime) -> AccessSession:
    """The platform closed the account: consents end, and the duty to delete begins. Closing twice is once."""
    session = for_caller(caller, ref, lock=True)
    if session.closed_at is not None:
        return session
    if session.sandbox:
        session.deletion = sandbox.close(session, now=now)
        families.close(families.ChildRef(session.child), now=now)
    else:
        session.deletion = families.close(families.ChildRef(session.child), now=now)
    age_checks.end(session, now=now)
    statuses.end_all(session, now=now)
    session.closed_at, session.state, session.updated_at = now, "closed", now
    session.save(update_fields=["deletion", "closed_at", "state", "updated_at"])
    ledger.append("access.session-closed", {"session": session.ledger_name}, at=now)
    if session.deletion is None:
        forget_subject(session, now=now)
    return session


def end_forgotten(event: families.ConsentEvent) -> None:
    """The child was forgotten: its account ends here too, and cannot be found by its pseudonym any more.

    A platform that must still delete keeps its pseudonym here until it has, or it could not know whose data. It is told
    once, unless it closed the account itself: then it is told no more of these people.
    """
    rows = AccessSession.objects.select_for_update(of=("self",)).select_related("service")
    for session in rows.filter(child=event.child):
        owes = any(one.child == event.child for one in families.open_deletions(session.service_id))
        if session.closed_at is None:
            ledger.append(
                "access.session-closed",
                {"session": session.ledger_name, "why": "family-forgotten"},
                at=event.at,
            )
            events.tell_forgotten(session, at=event.at)
        session.closed_at = session.closed_at or event.at
        session.state, session.updated_at = "closed", max(event.at, session.updated_at)
        session.subject_key = session.salt = b""
        session.guardian_key, session.return_to = None, ""
        session.save()
        age_checks.forget_contests(session, now=event.at)
        statuses.end_all(session, now=event.at)
        if not owes:
            forget_subject(session, now=event.at)


def forget_subject(session: AccessSession, *, now: datetime) -> None:
    """Destroy the pseudonym and the salt once nothing is left to be done for a closed account."""
    statuses.forget(session)
    vault.forget_family(vault.FamilyRef(session.family), now=now)


@transaction.atomic
def simulate(caller: Caller, ref: UUID, said: str, *, now: datetime) -> AccessSession:
    """Pretend that a guardian answered; for sandbox sessions alone."""
    session = for_caller(caller, ref, lock=True)
    if session.closed_at is not None:
        raise SessionClosed
    sandbox.answer(session, said, now=now)
    session.refresh_from_db()
    _note_state(session, now)
    return session


def _note_state(session: AccessSession, now: datetime) -> None:
    """Note where the session stands, for lists. Who holds the row meanwhile will note it: a guardian's answer never
    waits for a platform's call, and the two cannot wait for each other.
    """
    decided = decision(session, known(session, now=now), now=now)
    rows = AccessSession.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    if list(rows.filter(id=session.id, closed_at__isnull=True).values_list("id")):
        AccessSession.objects.filter(id=session.id).update(state=decided.state)
        _tell_the_child(session, decided, now=now)
    statuses.follow(session, decided.state, held=age_checks.held, now=now)
    session.state = decided.state


def follow_law(session: AccessSession, *, now: datetime) -> Answer:
    """Ask the law anew where nobody told anything, and note what it says. Inside a transaction that holds the row."""
    decided = decision(session, known(session, now=now), now=now)
    if decided.state != session.state:
        session.state = decided.state
        session.save(update_fields=["state"])
        facts = {"session": session.ledger_name, "state": decided.state}
        ledger.append("access.decided", facts | {"law": str(decided.answer.law_version["hash"])}, at=now)
        _tell_the_child(session, decided, now=now)
    statuses.follow(session, decided.state, held=age_checks.held, now=now)
    return decided.answer


def hear(event: families.ConsentEvent) -> None:
    """The ear of this room in `families`: the event is written, and where the session now stands with it."""
    if event.kind == matters.RAISED:
        matters.take_up(event)
        return
    if event.kind == matters.MOVED:
        matters.follow(event)
        return
    if event.kind == families.FORGOTTEN:
        matters.close_forgotten(event)
        end_forgotten(event)
        return
    session = (
        AccessSession.objects.select_related("service")
        .filter(child=event.child, closed_at__isnull=True)
        .first()
    )
    events.hear(event)
    if session is not None and event.request in (None, session.request):
        _note_state(session, event.at)
