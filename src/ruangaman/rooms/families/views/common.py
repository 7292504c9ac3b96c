"""What the views of this room share: one way to answer a refusal, one way to read a form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.adapters import callers, clock
from ruangaman.core.consent import WAITING, State
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.law import citing
from ruangaman.rooms.families import actions, children, config, lawdesk, session, tokens
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families.errors import LinkExpired, LinkUsed, NotFound
from ruangaman.rooms.families.models import Child, ConsentRequest, Guardian, VerdictProvider

P = ParamSpec("P")


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of this room; never kept by caches, never told to other sites."""
    with timezone.override(lawdesk.zone()):
        response = render(
            request, f"families/{template}", {"now": clock.now(), **(context or {})}, status=status
        )
    response["Cache-Control"] = "no-store"
    # Not `no-referrer`: browsers then send `Origin: null` with a form, and the check against foreign forms refuses it.
    response["Referrer-Policy"] = "same-origin"
    # A form here may lead to an office; browsers hold the redirect against `form-action` too.
    offices = (context or {}).get("providers") or ()
    response.form_to = [office.ask_url for office in offices]  # type: ignore[attr-defined]
    return response


ANSWERED = (State.GIVEN, State.REFUSED, State.WITHDRAWN, State.EXPIRED)


def over(state: State, name: str) -> dict[str, Any]:
    """What the page of a link says of a request that waits no more: late, answered, or closed without an answer."""
    if state is State.LAPSED:
        return {"kind": "expired", "name": name}
    return {"kind": "used", "answered": True} if state in ANSWERED else {"kind": "closed"}


def ended(request: HttpRequest, row: ConsentRequest) -> HttpResponse | None:
    """The page of a link whose request is over; None while it waits. For who already knows the child: this browser
    read the request before.
    """
    state = standing(row, clock.now())
    if state in WAITING:
        return None
    context = {"quick_exit": True, **over(state, name_of(row.child))}
    return page(request, "tautan_tidak_ada.html", context, 410)


def guarded(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A link that is unknown, too old or used becomes a page that says so, not an error."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            return page(request, "tautan_tidak_ada.html", {"kind": "unknown"}, 404)
        except LinkExpired:
            return page(request, "tautan_tidak_ada.html", {"kind": "expired"}, 410)
        except LinkUsed:
            return page(request, "tautan_tidak_ada.html", {"kind": "used"}, 410)

    return inner


def guardian_only(
    view: Callable[Concatenate[HttpRequest, Guardian, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only a signed-in guardian; others are sent to the sign-in page."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        who = session.guardian(request, now=clock.now())
        if who is None:
            return redirect("families:masuk")
        try:
            return view(request, who, *args, **kwargs)
        except NotFound:
            return page(request, "tautan_tidak_ada.html", {"kind": "unknown", "quick_exit": True}, 404)

    return inner


def client(request: HttpRequest) -> str:
    """By what tries are counted: the address that the call came from, as the proxy of the house saw it."""
    return callers.network(request.META, behind_proxy=config.behind_proxy())


@dataclass(frozen=True, slots=True)
class Visit:
    """Who opens a request by the link that finds it, and when."""

    now: datetime
    row: ConsentRequest
    who: Guardian | None


def visit(request: HttpRequest, token: str) -> Visit:
    """How each page of the guardian's way to an answer begins; raises NotFound."""
    now = clock.now()
    row = request_by(token, "find", now)
    return Visit(now, row, session.guardian(request, now=now))


def standing(row: ConsentRequest, now: datetime) -> State:
    """How a request stands for who reads it: what waits for a parent is over on the 18th birthday, whatever the job
    runner has written.
    """
    state = actions.state_of(row, now)
    if state in WAITING and children.grown(row.child.root, now):
        return State.INVALIDATED
    return state


def request_by(text: str, purpose: str, now: datetime) -> ConsentRequest:
    """The request that a link finds."""
    row = tokens.find(text, purpose, now=now).request
    if row is None:
        raise NotFound
    return row


def name_of(child: Child) -> str:
    """How pages call the child."""
    return children.nickname(child) or _("Anak Anda")


def age_words(child: Child, now: datetime) -> str:
    """`10 tahun`, `13 sampai 15 tahun`, or nothing when the age is unknown."""
    low, high = ages.range_at(
        children.profile_of(child, "show the request").get("age"), children.local_day(now)
    )
    if low is None and high is None:
        return ""
    if low == high:
        return _("%(years)s tahun") % {"years": low}
    if high is None:
        return _("%(years)s tahun ke atas") % {"years": low}
    if low is None:
        return _("paling tua %(years)s tahun") % {"years": high}
    return _("%(low)s sampai %(high)s tahun") % {"low": low, "high": high}


def opens_at(card: dict[str, Any], answer: dict[str, Any], now: datetime) -> int | None:
    """From which age the law lets a parent open this; None when the law did not close it."""
    return lawdesk.closes_until(card, now=now) if answer.get("outcome") == "deny" else None


def facts_of(row: ConsentRequest, now: datetime) -> dict[str, Any]:
    """Everything a page about a request says, in one place."""
    answer, state = actions.law_answer(row), standing(row, now)
    card = row.card
    return {
        "request_row": row,
        "card": card,
        "name": name_of(row.child),
        "age": age_words(row.child, now),
        "portrait_name": children.nickname(row.child).lower() or "neutral",
        "mark": bytes(row.digest),
        "state": state.value,
        "waiting": state in WAITING,
        "given": state is State.GIVEN,
        "answer": answer,
        "articles": articles(answer),
        "closed_by_law": actions.closed_by_law(row),
        "opens_at": opens_at(card, answer, now) if card["risk_profile"] != "unassessed" else None,
        "opens_from": lawdesk.opens_from(card, now=now),
        "own_from": lawdesk.own_consent_from(card["jurisdiction"], now=row.created_at),
        "confirmation": row.kind == "confirmation",
    }


def articles(answer: dict[str, Any]) -> list[str]:
    """The articles of an answer as words, whatever shape the engine gave them."""
    found = []
    for one in answer.get("articles") or ():
        found.append(str(one.get("source") or one.get("id") or "") if isinstance(one, dict) else str(one))
    return [article(text) for text in dict.fromkeys(found) if text]


def short_article(answer: dict[str, Any]) -> str:
    """The article that decided, without its paragraphs: enough for a link; empty when the answer cites none."""
    return next((citing.short(one) for one in articles(answer)), "")


def article(text: str) -> str:
    """The pack writes `Art. 9(1)`; an Indonesian page says `Pasal 9 ayat (1)`."""
    english = (get_language() or "id").startswith("en")
    return lawdesk.english(text) if english else citing.indonesian(text)


def back(name: str, *args: Any, fragment: str = "") -> HttpResponseRedirect:
    """After a POST: see the page (303)."""
    response = HttpResponseRedirect(reverse(f"families:{name}", args=args) + fragment)
    response.status_code = 303
    return response


def told(error: RuangAmanError) -> str:
    """One sentence for a person about a refusal that a page can show beside its form."""
    sentences = {
        "families.not-the-guardian": _(
            "Kami belum bisa memastikan Anda orang tuanya. Tidak ada yang berubah."
        ),
        "families.verdict-refused": _("Jawaban dari kantor itu tidak bisa dipakai. Tidak ada yang berubah."),
        "families.passkey-refused": _("Kunci layar tidak cocok. Coba lagi, atau pakai tautan surel."),
        "families.too-many": _("Terlalu banyak percobaan. Tunggu 1 menit."),
        "families.watch-needs-reason": _("Tulis alasannya dalam satu kalimat. Anak akan membacanya."),
        "families.closed-by-law": _("Aturan menutupnya. Izin orang tua tidak bisa membukanya."),
        "families.passed-on": _("Waktu menjawab sudah lewat. Petugas yang menjawab sekarang."),
        "families.still-held": _("Belum bisa. Ada yang baru saja berubah. Tidak ada yang dilupakan."),
        "families.says-nothing": _("Tulis satu kalimat dulu, atau pilih satu."),
        "families.request-refused": _("Alamat itu tidak bisa dipakai. Periksa lagi."),
        "consent.lapsed": _("Waktunya sudah lewat. Aplikasi tetap tertutup."),
        "consent.already-answered": _("Permintaan ini sudah dijawab."),
    }
    return sentences.get(error.code, _("Ada yang salah di pihak kami. Tidak ada yang berubah."))


def offices() -> list[VerdictProvider]:
    """The offices that can prove a relation."""
    return list(VerdictProvider.objects.filter(enabled=True).order_by("slug"))
