"""What the child's page shows: its doors with their reasons, who watches, what changed, what was answered."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.core.consent import WAITING, State
from ruangaman.rooms.families import actions, children, lawdesk, officers, supervision, tokens
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families.models import (
    AgeReview,
    Child,
    ConsentRequest,
    Objection,
    Permission,
    Receipt,
    Shown,
    Watch,
)
from ruangaman.rooms.families.types import ChildRef, OfficerAnswer
from ruangaman.rooms.families.views import words
from ruangaman.rooms.families.views.common import articles, opens_at
from ruangaman.rooms.vault import api as vault

DECIDED = (State.GIVEN, State.REFUSED, State.WITHDRAWN)
ASKED_ANEW = "asked-anew"  # no outcome of the law: the old answer is over, and nobody gave a new one yet
ALL_NEW = timedelta(days=30)  # how far back a browser that was never here is told of changed watches


def doors(rows: list[Child], now: datetime, *, years: int | None, grown: bool) -> list[dict[str, Any]]:
    """One door a service: what the law last said, and the newest request to a guardian; `years`: the youngest age."""
    found: dict[UUID, dict[str, Any]] = {}
    answers: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    kind = words.kind_for(rows[0].root, now)
    for shown in Shown.objects.select_related("child").filter(child__in=rows).order_by("at"):
        answer = dict(vault.reveal(vault.SealedRef(shown.answer), purpose="tell the child why"))
        state = State.INVALIDATED if shown.child.closed_at else None
        if state is None:
            answer = _current(answer, shown.child_id, now)
        answers[shown.child_id, shown.service_ref] = answer
        found[shown.service_ref] = _door(shown.card, answer, None, state, kind, years, grown, now)
    for row in ConsentRequest.objects.filter(child__in=rows).order_by("created_at"):
        state = actions.state_of(row, now)
        before = found.get(row.service_ref)
        if state is State.REPLACED or (before and before["given"] and state is not State.GIVEN):
            continue
        answer = answers.get((row.child_id, row.service_ref)) or actions.law_answer(row)
        found[row.service_ref] = _door(row.card, answer, row, state, kind, years, grown, now)
    return sorted(found.values(), key=lambda one: (one["door"] != "open", one["name"]))


def _current(answer: dict[str, Any], child: UUID, now: datetime) -> dict[str, Any]:
    """An answer that still holds: past its `valid_until` the law is asked anew, whatever the job runner has written."""
    until = _instant(answer.get("valid_until"))
    if until is None or now < until:
        return answer
    return lawdesk.ask_anew(ChildRef(child), now=now) or {"outcome": ASKED_ANEW}


def _door(
    card: dict[str, Any],
    answer: dict[str, Any],
    row: ConsentRequest | None,
    state: State | None,
    fallback: str,
    years: int | None,
    grown: bool,
    now: datetime,
) -> dict[str, Any]:
    kind = (row.relation_kind if row else "") or fallback
    own = row is not None and row.kind == "confirmation"
    back = row is not None and actions.taken_back(row)
    age = opens_at(card, answer, now)
    if age is not None and years is not None and years >= age:
        age = None  # old enough: another reason closed it, a parent's no for one
    if grown and state is not State.INVALIDATED:
        said = {
            "door": "open",
            "word": _("Terbuka"),
            "reason": _("Kamu sudah %(age)s tahun. Kamu yang memutuskan.") % {"age": lawdesk.grown_from()},
        }
    elif row is None and age is None and state is None:
        said = _by_law_alone(answer, card["name"], years)
    else:
        said = words.for_child(state, age, kind, card["risk_profile"], own=own, taken_back=back)
    note = ""
    if row is not None and row.note and state in (State.REFUSED, State.WITHDRAWN):
        note = str(vault.reveal(vault.SealedRef(row.note), purpose="show the child the line written for it"))
    given = state is State.GIVEN and age is None and not grown
    astray = row is not None and row.astray_at is not None and said["door"] == "waiting"
    if astray:
        said["reason"] = words.astray()
    return {
        **said,
        "name": card["name"],
        "stories": card["type"] == "stories",
        "who": _who(state, kind, age, own=own, back=back, grown=grown),
        "when": (row.ended_at or row.answered_at) if row and (state in DECIDED or back) and not age else None,
        "note": note,
        "astray": astray,
        "why": _why(answer, given=given, own=own, said=said),
        "articles": articles(answer),
        "rule": answer.get("reason"),
        "data": card["data_requested"] if given or (grown and state is State.GIVEN) else [],
        "deleting": row.deletions.first() if row and not given else None,
        "valid_until": _instant(answer.get("valid_until")) if given else None,
        "row": row,
        "given": given,
        "waiting": state in WAITING and age is None and not grown,
        "takes_back": own and not grown and (given or (state in WAITING and age is None)),
        "purpose": card["purpose"],
    }


def _text(answer: dict[str, Any]) -> str:
    pair = answer.get("text") or {}
    return str(pair.get("en" if (get_language() or "id").startswith("en") else "id") or "")


def _by_law_alone(answer: dict[str, Any], service: str, years: int | None) -> dict[str, str]:
    """A door about which nobody was asked: the law's own sentence is the reason, or where to ask when one may."""
    if answer.get("outcome") in ("allow", "not_a_child"):
        return {"door": "open", "word": _("Terbuka"), "reason": ""}
    if answer.get("outcome") == "deny":
        return {"door": "later", "word": _("Belum boleh"), "reason": _text(answer)}
    if answer.get("outcome") == "ask_guardian":
        reason = _("Sekarang orang tuamu boleh ditanya. Buka %(service)s, lalu minta izin dari sana.")
        return {"door": "asks", "word": _("Minta izin dulu"), "reason": reason % {"service": service}}
    if answer.get("outcome") == "ask_age" and years is not None:
        reason = _("Umurmu perlu dibuktikan dulu. Caranya ada di %(service)s.") % {"service": service}
        return {"door": "unknown", "word": _("Cek umur dulu"), "reason": reason}
    if answer.get("outcome") == ASKED_ANEW:
        reason = _("Jawabannya sedang dicari lagi. Sampai ada, tetap tertutup.")
        return {"door": "unknown", "word": _("Belum tahu"), "reason": reason}
    if answer.get("outcome") == "ask_age":  # the law's sentence speaks to the platform
        reason = _("Umurmu belum diketahui. Karena itu pintu ini belum dibuka.")
        return {"door": "unknown", "word": _("Belum tahu"), "reason": reason}
    return {"door": "unknown", "word": _("Belum tahu"), "reason": _text(answer)}


def _who(state: State | None, kind: str, age: int | None, *, own: bool, back: bool, grown: bool) -> str:
    """Who decided; empty while nobody has."""
    if grown or back:
        return _("Kamu")
    if age is not None:
        return _("Aturan")
    if state is State.GIVEN and own:
        return _("Kamu, dikonfirmasi %(who)s") % {"who": words.person(kind, inside=True)}
    return words.person(kind) if state in DECIDED else ""


def _why(answer: dict[str, Any], *, given: bool, own: bool, said: dict[str, str]) -> str:
    """One paragraph behind "why?"; never the law's sentence of a time before the answer."""
    text = _text(answer)
    if said["door"] == "open":
        if answer.get("outcome") in ("allow", "not_a_child"):
            return text
        if given and own:
            return _("Kamu setuju, orang tuamu mengonfirmasi, dan aturan membolehkannya di umurmu.")
        return _("Orang tuamu mengizinkan, dan aturan membolehkannya di umurmu.")
    return "" if text == said["reason"] else text


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def watched(rows: list[Child]) -> list[dict[str, Any]]:
    """What a guardian sees now, with the reason and since when."""
    given = ConsentRequest.objects.filter(child__in=rows, state=State.GIVEN).values_list("pk", flat=True)
    return [_watch(watch) for watch in supervision.watches_of(list(given))]


def _watch(watch: Watch) -> dict[str, Any]:
    request = watch.permission.request
    return {
        "who": words.person(request.relation_kind),
        "title": watch.permission.title,
        "service": request.card["name"],
        "reason": vault.reveal(vault.SealedRef(watch.reason), purpose="tell the child why"),
        "since": watch.since,
        "until": watch.until,
    }


def changed_watches(rows: list[Child], after: datetime) -> list[dict[str, Any]]:
    """Each watch that began or ended since the last visit, the newest state of each switch alone."""
    rows_of = (
        Watch.objects.select_related("permission", "permission__request")
        .filter(Q(since__gt=after) | Q(until__gt=after), permission__request__child__in=rows)
        .order_by("since")
    )
    newest = {watch.permission_id: watch for watch in rows_of}
    told = [
        watch
        for watch in newest.values()
        if watch.until is None or watch.since <= after or watch.until > after
    ]
    return [_watch(watch) for watch in told]


def replies(rows: list[Child]) -> list[dict[str, Any]]:
    """The last three answers to objections of a guardian, and those of officers and platforms."""
    found: list[dict[str, Any]] = [_answered(one) for one in _from_officers(rows)]
    for row in Objection.objects.filter(child__in=rows, reply__isnull=False).order_by("-answered_at")[:3]:
        assert row.reply is not None
        text = vault.reveal(vault.SealedRef(row.reply), purpose="show the answer")
        found.append({"at": row.answered_at, "text": text})
    return sorted(found, key=lambda one: one["at"], reverse=True)


def _from_officers(rows: list[Child]) -> list[OfficerAnswer]:
    refs = [
        *Objection.objects.filter(child__in=rows).values_list("pk", flat=True),
        *AgeReview.objects.filter(child__in=rows).values_list("pk", flat=True),
    ]
    return officers.answers_to(refs)[:3]


def _answered(one: OfficerAnswer) -> dict[str, Any]:
    return {"at": one.at, **words.answer(one)}


def waits_for_officer(rows: list[Child], now: datetime) -> str:
    """Whether officers still owe this child an answer: "waits", or "late" past the day; empty when nothing waits. The
    youngest read no day (`ux.md` 4.5), but to whom they turn when it has passed.
    """
    waiting = Objection.objects.filter(child__in=rows, answered_at__isnull=True)
    waiting = waiting.filter(Q(to="officer") | Q(passed_at__isnull=False))
    first = waiting.order_by(F("due_at").asc(nulls_last=True)).first()
    if first is None:
        return ""
    return "late" if first.due_at is not None and first.due_at < now else "waits"


def sent(rows: list[Child], now: datetime) -> list[dict[str, Any]]:
    """What this child wrote and nobody has answered: about what, when it was sent, who answers and by when; the oldest
    first. What passed to the officers is told by `passed_on` alone.
    """
    waiting = Objection.objects.filter(child__in=rows, answered_at__isnull=True, passed_at__isnull=True)
    found: list[tuple[Objection | AgeReview, str, bool]] = [
        (one, words.letter(), one.to == "guardian") for one in waiting
    ]
    found += [
        (one, words.letter(age=True), False)
        for one in AgeReview.objects.filter(child__in=rows, decided_at__isnull=True)
    ]
    return [
        {
            "about": about,
            "at": one.created_at,
            "to_guardian": home,
            "by": one.due_at,
            "late": one.due_at is not None and one.due_at < now,
        }
        for one, about, home in sorted(found, key=lambda each: each[0].created_at)
    ]


def phrases() -> list[dict[str, str]]:
    """Three ready sentences to begin with, each with the child's own messengers to send it by; no number is known."""
    return [
        {
            "text": text,
            "whatsapp": f"https://wa.me/?text={quote(text)}",
            "sms": f"sms:?body={quote(text)}",
        }
        for text in (
            _("Boleh kita bicara soal aplikasi yang kupakai?"),
            _("Aku ingin tahu kenapa ini ditutup. Bisa jelaskan?"),
            _("Aku mau coba seminggu, lalu kita lihat bersama."),
        )
    ]


def own_switches(rows: list[Child]) -> list[dict[str, Any]]:
    """The switches that the child turns alone."""
    return [
        {"row": one, "service": one.request.card["name"]}
        for one in Permission.objects.select_related("request").filter(
            request__child__in=rows, request__state=State.GIVEN, managed_by="child"
        )
    ]


def history(rows: list[Child]) -> list[dict[str, Any]]:
    """What happened, the newest first, each with its receipt to compare; the receipt names nobody."""
    return [
        {
            "at": row.created_at,
            "title": words.receipt_title(
                row.kind,
                row.body["service"]["name"],
                "",
                own=row.request is not None and row.request.kind == "confirmation",
            ),
            "url": reverse("families:cocokkan", args=[tokens.derived("receipt", row.pk)]),
        }
        for row in Receipt.objects.select_related("request")
        .filter(child__in=rows)
        .order_by("-created_at")[:20]
    ]


def youngest(profile: dict[str, Any], now: datetime) -> int | None:
    """The youngest age that this child can have; None when nothing is known."""
    return ages.range_at(profile.get("age"), children.local_day(now))[0]
