"""The guardian's home: what waits, what is open, what is seen, what is kept; settings, withdrawal, second
guardian.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.consent import WAITING, State
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import (
    actions,
    children,
    deletions,
    guardians,
    holding,
    lawdesk,
    objections,
    officers,
    requests,
    session,
    supervision,
    tokens,
)
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import (
    Child,
    ConsentRequest,
    DeletionTask,
    Guardian,
    Objection,
    Permission,
    Shown,
)
from ruangaman.rooms.families.views import words
from ruangaman.rooms.families.views.common import (
    age_words,
    back,
    guardian_only,
    name_of,
    opens_at,
    page,
    short_article,
    told,
)
from ruangaman.rooms.vault import api as vault


def mine(who: Guardian, now: datetime) -> list[tuple[Child, Guardian]]:
    """Each child once, with the row of this guardian in that family."""
    seen: dict[UUID, tuple[Child, Guardian]] = {}
    for child, row, _relation in guardians.children_of(who, now=now):
        seen.setdefault(child.pk, (child, row))
    return list(seen.values())


def about(consent: ConsentRequest) -> dict[str, Any]:
    """What each page about one consent names."""
    return {
        "quick_exit": True,
        "row": consent,
        "name": name_of(consent.child),
        "service": consent.card["name"],
    }


def request_of(who: Guardian, identity: UUID, now: datetime) -> tuple[ConsentRequest, Guardian]:
    """One of this guardian's children's requests; raises NotFound for everybody else's."""
    row = ConsentRequest.objects.select_related("child", "child__person").filter(pk=identity).first()
    if row is not None:
        for child, here in mine(who, now):
            if row.child.root.pk == child.pk:
                return row, here
    raise NotFound


@require_GET
@guardian_only
def home(request: HttpRequest, who: Guardian, child: UUID | None = None) -> HttpResponse:
    """All children as tabs, one of them open."""
    now = clock.now()
    family = mine(who, now)
    if not family:
        return page(request, "keluarga_kosong.html", {"quick_exit": True})
    chosen = next((one for one, _row in family if one.pk == child), None) if child else family[0][0]
    if chosen is None:
        raise NotFound
    grown = children.grown(chosen, now)
    tabs = [
        {
            "url": reverse("families:keluarga_anak", args=[one.pk]),
            "name": name_of(one),
            "note": age_words(one, now),
            "portrait": children.nickname(one).lower() or "neutral",
            "current": one.pk == chosen.pk,
        }
        for one, _row in family
    ]
    context = {
        "quick_exit": True,
        "tabs": tabs,
        "child": chosen,
        "name": name_of(chosen),
        "grown": grown,
        "grown_from": lawdesk.grown_from(),
        "waiting": _waiting(who, [one for one, _row in family if not children.grown(one, now)], now),
        "apps": [] if grown else _apps(chosen, now),
        "seen": [] if grown else _seen(chosen),
        "unseen": True,
        "error": session.told(request),
        "receipts": _receipts(chosen),
        "objections": [] if grown else _objections(chosen),
        "offer_passkey": who.passkey_offered_at is None,
        "others": len(children.guardians_of(chosen, now=now)) - 1,
        **_forgetting(chosen, grown, now),
    }
    return page(request, "keluarga.html", context)


def _forgetting(chosen: Child, grown: bool, now: datetime) -> dict[str, Any]:
    """The way to be forgotten, once no account of the family is in use; and when it happens by itself."""
    rows = list(Child.objects.filter(family=chosen.family))
    if grown or any(one.kind == "account" for one in holding.what_holds(rows, now)):
        return {}
    return {"may_forget": True, "forgotten_on": holding.forgotten_on(rows, now)}


def _waiting(who: Guardian, family: list[Child], now: datetime) -> list[dict[str, Any]]:
    """Requests of her children, and those sent to the address that is proven hers; each still needs the proof."""
    rows = {
        row.pk: (child, row)
        for child in family
        for row in ConsentRequest.objects.filter(child__in=children.everyone(child), state__in=list(WAITING))
    }
    for row in guardians.asked_by_letter(who):
        rows.setdefault(row.pk, (row.child, row))
    return [
        {
            "name": name_of(child),
            "portrait": children.nickname(child).lower() or "neutral",
            "service": row.card["name"],
            "confirmation": row.kind == "confirmation",
            "due_at": row.due_at,
            "url": requests.find_path(row),
        }
        for child, row in rows.values()
        if actions.state_of(row, now) in WAITING
    ]


def _apps(child: Child, now: datetime) -> list[dict[str, Any]]:
    """One card a service: the newest request of each, and what the law closes without one."""
    newest: dict[UUID, ConsentRequest] = {}
    rows = children.everyone(child)
    for row in ConsentRequest.objects.filter(child__in=rows).order_by("created_at"):
        newest[row.service_ref] = row
    found = []
    for row in newest.values():
        state = actions.state_of(row, now)
        if state is State.REPLACED:
            continue
        answer = actions.law_answer(row)
        permissions = list(row.permissions.all())
        found.append(
            {
                "row": row,
                "name": row.card["name"],
                "state": state.value,
                "given": state is State.GIVEN,
                **words.for_guardian(
                    state,
                    opens_at(row.card, answer, now),
                    row.card["risk_profile"],
                    article=short_article(answer),
                    own=name_of(child) if _own(row) else "",
                    taken_back=actions.taken_back(row),
                ),
                "counts": [
                    (_count(permissions, "child"), _("%(name)s yang atur") % {"name": name_of(child)}),
                    (_count(permissions, "guardian"), _("Anda yang atur")),
                    (_count(permissions, "nobody"), _("ditutup aturan")),
                ],
                "deletion": row.deletions.first(),
            }
        )
    for shown in Shown.objects.filter(child__in=rows).exclude(service_ref__in=newest):
        answer = dict(vault.reveal(vault.SealedRef(shown.answer), purpose="show what the law closes"))
        if answer.get("outcome") == "deny":
            found.append(
                {
                    "row": None,
                    "name": shown.card["name"],
                    "state": "closed",
                    "given": False,
                    **words.for_guardian(
                        None,
                        opens_at(shown.card, answer, now),
                        shown.card["risk_profile"],
                        article=short_article(answer),
                    ),
                }
            )
    return sorted(found, key=lambda one: not one["given"])


def _own(row: ConsentRequest | None) -> bool:
    """Whether the consent is the child's own, at 17; a parent then only confirms."""
    return row is not None and row.kind == "confirmation"


def _count(permissions: list[Permission], who: str) -> int:
    return sum(one.managed_by == who for one in permissions)


def _seen(child: Child) -> list[dict[str, Any]]:
    found = []
    rows = ConsentRequest.objects.filter(child__in=children.everyone(child), state=State.GIVEN)
    for watch in supervision.watches_of(list(rows.values_list("pk", flat=True))):
        found.append({"title": watch.permission.title, "service": watch.permission.request.card["name"]})
    return found


def _receipts(child: Child) -> list[dict[str, Any]]:
    from ruangaman.rooms.families.models import Receipt

    found = []
    for row in Receipt.objects.filter(child__in=children.everyone(child)).order_by("-created_at")[:20]:
        found.append(
            {
                "mark": bytes(row.digest),
                "title": words.receipt_title(
                    row.kind, row.body["service"]["name"], name_of(child), own=_own(row.request)
                ),
                "at": row.created_at,
                "url": reverse("families:tanda_terima", args=[row.pk]),
            }
        )
    return found


def _about(row: Objection) -> str:
    """The app that an objection is about: the one it names, or the only one of the page it was written on."""
    cards = [row.request.card] if row.request else [one.card for one in row.child.requests.all()]
    names = {str(card["name"]) for card in cards}
    return names.pop() if len(names) == 1 else ""


def _objections(child: Child) -> list[dict[str, Any]]:
    found = []
    for row in Objection.objects.filter(
        child__in=children.everyone(child), answered_at__isnull=True, to="guardian", passed_at__isnull=True
    ):
        text = vault.reveal(vault.SealedRef(row.words), purpose="answer an objection") if row.words else ""
        found.append({"row": row, "text": text or words.feeling(row.feeling), "service": _about(row)})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def settings(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """Three groups of switches: the child's (shown), the guardian's, those that the law closes."""
    now = clock.now()
    consent, here = request_of(who, row, now)
    if children.grown(consent.child.root, now):
        return back("keluarga_anak", consent.child.root.pk)
    error, wrong = "", ""
    if request.method == "POST":
        feature = request.POST.get("feature", "")
        try:
            supervision.turn(
                consent.pk,
                feature,
                request.POST.get("state") == "on",
                guardian=here.pk,
                reason=request.POST.get("reason", ""),
                now=now,
            )
            return back("atur", consent.pk, fragment="#anda")
        except Permission.DoesNotExist:
            raise NotFound from None
        except RuangAmanError as refused:
            error, wrong = told(refused), feature
    permissions = list(consent.permissions.all())
    context = {
        **about(consent),
        "given": actions.state_of(consent, now) is State.GIVEN,
        "of_child": [one for one in permissions if one.managed_by == "child"],
        "of_guardian": [one for one in permissions if one.managed_by == "guardian"],
        "of_law": [one for one in permissions if one.managed_by == "nobody"],
        "error": error,
        "wrong": wrong,
    }
    return page(request, "atur.html", context, 400 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def withdraw(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """One page that says what happens, one button that does it."""
    now = clock.now()
    consent, here = request_of(who, row, now)
    if children.grown(consent.child.root, now):
        return back("keluarga_anak", consent.child.root.pk)
    if request.method == "POST":
        try:
            actions.withdraw(consent.pk, guardian=here.pk, now=now, line=request.POST.get("line", ""))
        except RuangAmanError as refused:
            if actions.state_of(consent, now) is State.GIVEN:
                return page(request, "cabut.html", {**_withdrawal(consent), "error": told(refused)}, 403)
        return back("dicabut", consent.pk)
    if actions.state_of(consent, now) is not State.GIVEN:
        return back("dicabut", consent.pk)
    return page(request, "cabut.html", _withdrawal(consent))


def _withdrawal(consent: ConsentRequest) -> dict[str, Any]:
    return {
        **about(consent),
        "who_says": words.person(consent.relation_kind),
        "home_url": reverse("families:keluarga_anak", args=[consent.child.root.pk]),
    }


@require_GET
@guardian_only
def withdrawn(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """The steps after a withdrawal or a refusal, until the proof of deletion."""
    now = clock.now()
    consent, _here = request_of(who, row, now)
    task = consent.deletions.first()
    if task is None:
        return back("keluarga_anak", consent.child.root.pk)
    receipt = (
        consent.receipts.filter(kind="deletion").first()
        or consent.receipts.filter(kind__in=("withdrawn", "refused")).order_by("-created_at").first()
    )
    context = {
        **about(consent),
        "operator": consent.card["operator"],
        "task": task,
        "receipt": receipt,
        "mark": bytes(receipt.digest) if receipt else bytes(consent.digest),
        "emptied": words.emptied(task.systems, task.counts),
        "answers": [{"at": one.at, **words.answer(one)} for one in officers.answers_to([task.pk])],
        "answer_due": _answer_due(consent, task),
        **words.deletion(task, consent.card["name"], now),
        "home_url": reverse("families:keluarga_anak", args=[consent.child.root.pk]),
    }
    return page(request, "dicabut.html", context)


def _answer_due(consent: ConsentRequest, task: DeletionTask) -> datetime | None:
    """By when a complaint is answered; None without one, or when the law gives no number."""
    if task.complained_at is None:
        return None
    return lawdesk.matter_due("complaint", consent.card["jurisdiction"], task.complained_at).due_at


@require_POST
@guardian_only
def complain(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """The deletion is late, and a guardian complains."""
    now = clock.now()
    consent, _here = request_of(who, row, now)
    task = consent.deletions.first()
    if task is None:
        raise NotFound
    deletions.complain(task.pk, words=request.POST.get("words", ""), now=now)
    return back("dicabut", consent.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def second(request: HttpRequest, who: Guardian, child: UUID) -> HttpResponse:
    """Invite a second guardian. No address of the first one is shown to the second, nor the other way
    round.
    """
    now = clock.now()
    chosen, here = _child(who, child, now)
    if children.grown(chosen, now):
        return back("keluarga_anak", chosen.pk)
    context: dict[str, Any] = {
        "quick_exit": True,
        "child": chosen,
        "name": name_of(chosen),
        "home_url": reverse("families:keluarga_anak", args=[chosen.pk]),
        "others": len(children.guardians_of(chosen, now=now)) - 1,
    }
    if request.method == "POST":
        try:
            token = guardians.invite(here, chosen, address=request.POST.get("email"), now=now)
        except RuangAmanError as refused:
            return page(request, "wali_kedua.html", {**context, "error": told(refused)}, 400)
        context["invite_url"] = tokens.absolute(reverse("families:undangan", args=[token]))
    return page(request, "wali_kedua.html", context)


def _child(who: Guardian, child: UUID, now: datetime) -> tuple[Child, Guardian]:
    for one, here in mine(who, now):
        if one.pk == child:
            return one, here
    raise NotFound


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def childs_link(request: HttpRequest, who: Guardian, child: UUID) -> HttpResponse:
    """The link and QR of the child's whole page, handed over by the guardian."""
    now = clock.now()
    chosen, _here = _child(who, child, now)
    if children.grown(chosen, now):
        return back("keluarga_anak", chosen.pk)
    text = tokens.derived("child_all", chosen.pk)
    if request.method == "POST":
        tokens.put("child_all", text, chosen.family, now=now, child=chosen)
        return back("halaman_anak", chosen.pk)
    from ruangaman.rooms.families.models import Token

    made = Token.objects.filter(digest=tokens.digest(text)).exists()
    context = {
        "quick_exit": True,
        "child": chosen,
        "name": name_of(chosen),
        "url": tokens.absolute(reverse("families:anak", args=[text])) if made else "",
        "home_url": reverse("families:keluarga_anak", args=[chosen.pk]),
    }
    return page(request, "halaman_anak.html", context)


@require_POST
@guardian_only
def reply(request: HttpRequest, who: Guardian, objection: UUID) -> HttpResponse:
    """Answer a child's objection."""
    now = clock.now()
    row = Objection.objects.select_related("child", "child__person").filter(pk=objection).first()
    if row is None:
        raise NotFound
    chosen, here = _child(who, row.child.root.pk, now)
    try:
        objections.reply(row.pk, guardian=here, words=request.POST.get("words", ""), now=now)
    except RuangAmanError as refused:
        session.tell(request, told(refused))
    return back("keluarga_anak", chosen.pk)
