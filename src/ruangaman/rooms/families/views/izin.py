"""The guardian's page of one request. A QR, a code or a link only finds it; answering needs the proof."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.core.consent import WAITING, Event, State
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import actions, children, guardians, handling, lawdesk, requests, session, times
from ruangaman.rooms.families.models import ConsentRequest, Guardian, Outgoing
from ruangaman.rooms.families.views.common import (
    article,
    back,
    facts_of,
    guarded,
    name_of,
    page,
    standing,
    told,
    visit,
)
from ruangaman.rooms.families.views.terima import to_whatsapp
from ruangaman.rooms.vault import api as vault


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The facts and, while it waits and the law leaves it open, the two buttons."""
    return _show(request, token)


def _show(request: HttpRequest, token: str, error: str = "", status: int = 200) -> HttpResponse:
    here = visit(request, token)
    now, row, who = here.now, here.row, here.who
    mine = who is not None and _is_one_of_mine(row, who)
    waits = standing(row, now) in WAITING
    if not mine and not waits:
        return _over(request, row, error or session.told(request), token)
    if session.disowned(request, row) and waits:
        return _over(request, row, error or session.told(request), token)
    receipt = row.receipts.order_by("-created_at").first() if mine else None
    context = {
        **(facts := facts_of(row, now)),
        "instruments": lawdesk.instruments_in(facts["articles"], row.card["jurisdiction"]),
        "closed": closed_by_whom(row),
        "assessed": assessed(row.card),
        "kept": handling.lines(row.card, handling.IN_SHORT),
        "whatsapp_url": to_whatsapp(receipt) if receipt else "",
        "token": token,
        "quick_exit": True,
        "answered_by_me": mine and row.guardian_id in {one.pk for one in guardians.rows_of(who)}
        if who
        else False,
        "mine": mine,
        "error": error or session.told(request),
        "here": reverse("families:izin", args=[token]),
        "receipt": receipt,
        "open_too": _open_too(row, who, now) if mine and who else [],
        "offer_passkey": mine and session.offered(request, row),
    }
    return page(request, "izin.html", context, status)


def _over(request: HttpRequest, row: ConsentRequest, error: str, token: str) -> HttpResponse:
    """What whoever still holds the link reads once it is over: no age, no app, no more question. It is over here alone
    for who said "not my child" without owning an address.
    """
    state = standing(row, clock.now())
    context = {
        "quick_exit": True,
        "state": state.value,
        "waiting": state in WAITING,
        "token": token,
        "name": children.nickname(row.child) if state is State.LAPSED else "",
        "slip_until": _slip_until(request, row),
        "error": error,
        "here": reverse("families:izin", args=[token]),
    }
    return page(request, "izin_selesai.html", context)


def _slip_until(request: HttpRequest, row: ConsentRequest) -> datetime | None:
    """Until when this browser can take "not my child" back; None when it cannot."""
    until = actions.slip_until(row)
    mine = session.letter(request, row) is not None
    return until if until is not None and mine and clock.now() <= until else None


def closed_by_whom(row: ConsentRequest) -> list[dict[str, Any]]:
    """What stays closed, so that it agrees with the settings: by law, or off and who may turn it on. Only a
    service without switches is taken by its own words.
    """
    found = []
    for one in row.permissions.exclude(state="on").order_by("position"):
        who = {
            "nobody": _("Ditutup aturan"),
            "child": _("Mati. %(name)s bisa menyalakannya.") % {"name": name_of(row.child)},
        }.get(one.managed_by, _("Mati. Anda bisa menyalakannya nanti."))
        source = f", {article(one.article)}" if one.article and one.managed_by == "nobody" else ""
        found.append({"what": one.title, "who": who + source})
    if found or row.permissions.exists():
        return found
    return [{"what": text, "who": ""} for text in row.card["stays_closed"]]


def assessed(card: dict[str, Any]) -> str:
    """Who determined the risk and when, if the card says so; else nothing."""
    by, at = card.get("determined_by"), card.get("determined_at")
    if not by or not at:
        return ""
    return _("Sudah dinilai %(by)s, %(day)s.") % {"by": by, "day": times.day(datetime.fromisoformat(at))}


def _is_one_of_mine(row: ConsentRequest, who: Guardian) -> bool:
    try:
        return any(actions.relation_for(row.child, one, now=clock.now()) for one in _rows_here(row, who))
    except RuangAmanError:
        return False


def _open_too(row: ConsentRequest, who: Guardian, now: datetime) -> list[ConsentRequest]:
    """Other accounts of the child at this service that are open and hers to close: a "no" to this one leaves them."""
    found = {one.pk: one for here in _rows_here(row, who) for one in actions.closable(row, here, now=now)}
    return [one for one in found.values() if one.pk != row.pk]


def _rows_here(row: ConsentRequest, who: Guardian) -> list[Guardian]:
    return [one for one in guardians.rows_of(who) if one.family == row.family] or [who]


@require_POST
@guarded
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Yes, no, not my child, or that this was a slip. Without a proof it leads to the proof page and changes nothing
    but `opened`.
    """
    here = visit(request, token)
    now, row, who = here.now, here.row, here.who
    said = request.POST.get("answer", "")
    if said == "not_mine":
        return _not_mine(request, row, token)
    if session.own_again(request, row):
        actions.sent_again(row.pk)
    if said == "mine":
        letter = session.letter(request, row)
        if letter is not None and actions.state_of(row, now) is State.NOT_MY_CHILD:
            try:
                actions.my_child_after_all(row.pk, now=now, letter=letter)
            except RuangAmanError:
                session.tell(request, _("Sudah tidak bisa dikembalikan. Anak itu boleh minta lagi."))
        return back("izin", token)
    if said not in ("yes", "no"):
        return _show(request, token, _("Pilih satu jawaban."), 400)
    if standing(row, now) not in WAITING:
        return back("izin", token)
    actions.mark(row.pk, Event.OPEN, now=now)
    session.ask(request, row, said == "yes", now=now)
    if who is not None and _is_one_of_mine(row, who):
        return settle(request, row, who, token)
    return back("bukti", token)


def settle(request: HttpRequest, row: ConsentRequest, who: Guardian, token: str) -> HttpResponse:
    """Give the waiting answer as a proven guardian, then show how it stands."""
    now = clock.now()
    yes = session.asked(request, row, now=now)
    if yes is None:
        return back("izin", token)
    here = next((one for one in guardians.rows_of(who) if one.family == actions.locked_family(row.pk)), who)
    try:
        actions.answer(row.pk, guardian=here.pk, yes=yes, now=now)
    except RuangAmanError as refused:
        session.settled(request, row)
        if actions.state_of(row, now) in WAITING:
            session.tell(request, told(refused))
        return back("izin", token)
    session.settled(request, row)
    if guardians.first_offer(here, now=now):
        session.offer(request, row)
    letter = session.letter(request, row)
    if letter is not None and here.email_verified_at is None:
        outgoing = Outgoing.objects.filter(pk=letter).first()
        if outgoing is not None and outgoing.lane == "mail":
            address = vault.reveal(
                vault.SealedRef(outgoing.address), purpose="keep an address that was proven"
            )
            guardians.set_email(here, str(address), now=now)
    return redirect(requests.find_path(row))


def _not_mine(request: HttpRequest, row: ConsentRequest, token: str) -> HttpResponse:
    """
    Not my child. Who came by a letter owns its address: the request closes and the address is asked no more.
    Who came by QR or code may be anybody near the child: it closes in this browser alone, and the child is told that it
    reached somebody else. The real parent goes on, by the same code.
    """
    now = clock.now()
    letter = session.letter(request, row)
    if letter is None:
        session.disown(request, row)
        actions.went_astray(row.pk, now=now)
        return back("izin", token)
    with suppress(RuangAmanError):  # answered or lapsed meanwhile: the page says how it stands
        actions.not_my_child(row.pk, now=now, letter=letter)
    return back("izin", token)
