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
from ruangaman.core.consent import State
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
    session,
    supervision,
    tokens,
    vouching,
)
from ruangaman.rooms.families.errors import NotFound, WatchNeedsReason
from ruangaman.rooms.families.models import (
    Child,
    ConsentRequest,
    DeletionTask,
    Guardian,
    Objection,
    Permission,
)
from ruangaman.rooms.families.views import kartu, words
from ruangaman.rooms.families.views.common import (
    age_words,
    article,
    back,
    guardian_only,
    name_of,
    offices,
    page,
    told,
)


def mine(who: Guardian, now: datetime) -> list[tuple[Child, Guardian]]:
    """Each child once, with the row of this guardian in that family."""
    seen: dict[UUID, tuple[Child, Guardian]] = {}
    for child, row, _relation in guardians.children_of(who, now=now):
        seen.setdefault(child.pk, (child, row))
    return list(seen.values())


def expired(who: Guardian, now: datetime) -> list[tuple[Child, Guardian]]:
    """Each child to whom the proof of this guardian has expired, while a yes of hers is left to look after."""
    seen: dict[UUID, tuple[Child, Guardian]] = {}
    for child, row in guardians.expired_of(who, now=now):
        asked = ConsentRequest.objects.select_related("guardian").filter(child__in=children.everyone(child))
        if any(actions.gave(one, row) for one in asked.filter(guardian__isnull=False)):
            seen.setdefault(child.pk, (child, row))
    return list(seen.values())


def about(consent: ConsentRequest) -> dict[str, Any]:
    """What each page about one consent names."""
    return {
        "quick_exit": True,
        "row": consent,
        "mark": bytes(consent.digest),
        "name": name_of(consent.child),
        "service": consent.card["name"],
    }


def request_of(who: Guardian, identity: UUID, now: datetime) -> tuple[ConsentRequest, Guardian]:
    """One of this guardian's children's requests, or what an own yes opened, though the proof has expired since;
    raises NotFound for everybody else's.
    """
    row = (
        ConsentRequest.objects.select_related("child", "child__person", "guardian")
        .filter(pk=identity)
        .first()
    )
    if row is not None:
        for child, here in mine(who, now):
            if row.child.root.pk == child.pk:
                return row, here
        for child, here in expired(who, now):
            if row.child.root.pk == child.pk and actions.gave(row, here):
                return row, here
    raise NotFound


def _proven(who: Guardian, consent: ConsentRequest, now: datetime) -> bool:
    """Whether the proof that this is the guardian of the child has not expired."""
    return consent.child.root.pk in [child.pk for child, _row in mine(who, now)]


@require_GET
@guardian_only
def home(request: HttpRequest, who: Guardian, child: UUID | None = None) -> HttpResponse:
    """All children as tabs, one of them open."""
    now = clock.now()
    proven = mine(who, now)
    family = proven + [one for one in expired(who, now) if one[0] not in [child for child, _row in proven]]
    if not family:
        again = offices() if guardians.expired_of(who, now=now) else []
        return page(request, "keluarga_kosong.html", {"quick_exit": True, "providers": again})
    chosen, here = next((one for one in family if one[0].pk == child), (None, who)) if child else family[0]
    if chosen is None:
        raise NotFound
    grown = children.grown(chosen, now)
    only = None if chosen in [one for one, _row in proven] else here
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
    apps = [] if grown else kartu.apps(chosen, now, only=only)
    context = {
        "quick_exit": True,
        "tabs": tabs,
        "child": chosen,
        "name": name_of(chosen),
        "grown": grown,
        "grown_from": lawdesk.grown_from(),
        "expired": only is not None and not grown,
        "providers": offices() if only is not None and not grown else [],
        "waiting": kartu.waiting(who, [one for one, _row in proven], now),
        "apps": apps,
        "ages": kartu.ages(who, now),
        "still_given": any(one["given"] for one in apps),
        "seen": [] if grown else kartu.seen(chosen, now, only=only),
        "error": session.told(request),
        "answered": request.GET.get("terkirim") == "jawaban",
        "age_said": request.GET.get("terkirim") == "umur",
        "receipts": kartu.receipts(chosen, only=only),
        "objections": [] if grown or only else kartu.objections(chosen),
        **({} if only else _forgetting(chosen, grown, now)),
    }
    return page(request, "keluarga.html", context)


def _forgetting(chosen: Child, grown: bool, now: datetime) -> dict[str, Any]:
    """The way to be forgotten, once no account of the family is in use; and when it happens by itself."""
    rows = list(Child.objects.filter(family=chosen.family))
    if grown or any(one.kind == "account" for one in holding.what_holds(rows, now)):
        return {}
    return {"may_forget": True, "forgotten_on": holding.forgotten_on(rows, now)}


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def settings(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """Three groups of switches: the child's (shown), the guardian's, those that the law closes."""
    now = clock.now()
    consent, here = request_of(who, row, now)
    if children.grown(consent.child.root, now):
        return back("keluarga_anak", consent.child.root.pk)
    error, wrong, unexplained = "", "", False
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
            unexplained = isinstance(refused, WatchNeedsReason)
    permissions = list(consent.permissions.all())
    context = {
        **about(consent),
        "given": actions.state_of(consent, now) is State.GIVEN,
        "proven": _proven(who, consent, now),
        "one_of_several": len(actions.closable(consent, here, now=now)) > 1,
        "of_child": [one for one in permissions if one.managed_by == "child"],
        "of_guardian": [one for one in permissions if one.managed_by == "guardian"],
        "of_law": [
            (one.title, article(one.article), one.feature)
            for one in permissions
            if one.managed_by == "nobody"
        ],
        "jurisdiction": consent.card["jurisdiction"],
        "error": error,
        "wrong": wrong if unexplained else "",
    }
    return page(request, "atur.html", context, 400 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def withdraw(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """One page that says what happens, one button that does it, to each account of the child at this service."""
    now = clock.now()
    consent, here = request_of(who, row, now)
    if children.grown(consent.child.root, now):
        return back("keluarga_anak", consent.child.root.pk)
    facts = _withdrawal(consent, kartu.accounts(actions.closable(consent, here, now=now)))
    if request.method == "POST":
        line = request.POST.get("line", "")
        if actions.too_long(line):
            wrong = _("Paling banyak %(number)s huruf. Belum ada yang berubah.") % {"number": actions.LINE}
            return page(request, "cabut.html", {**facts, "line": line, "wrong": wrong}, 400)
        try:
            actions.withdraw_all(consent.pk, guardian=here.pk, now=now, line=line)
        except RuangAmanError as refused:
            if actions.state_of(consent, now) is State.GIVEN:
                return page(request, "cabut.html", {**facts, "line": line, "error": told(refused)}, 403)
        return back("dicabut", consent.pk)
    if actions.state_of(consent, now) is not State.GIVEN:
        return back("dicabut", consent.pk)
    return page(request, "cabut.html", facts)


def _withdrawal(consent: ConsentRequest, accounts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **about(consent),
        "accounts": accounts,
        "longest": actions.LINE,
        "who_says": words.person(consent.relation_kind),
        "home_url": reverse("families:keluarga_anak", args=[consent.child.root.pk]),
    }


@require_GET
@guardian_only
def withdrawn(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """The steps after a withdrawal or a refusal, until the proof of deletion."""
    now = clock.now()
    consent, here = request_of(who, row, now)
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
        "open_too": actions.closable(consent, here, now=now),
        "taken_back": actions.taken_back(consent),
        "service_open": bool(actions.living_with(consent, now)),
        "ended_too": _ended_with(consent, here, _proven(who, consent, now)),
        **words.deletion(task, consent.card["name"], now),
        "home_url": reverse("families:keluarga_anak", args=[consent.child.root.pk]),
    }
    return page(request, "dicabut.html", context)


def _ended_with(consent: ConsentRequest, here: Guardian, proven: bool) -> list[dict[str, Any]]:
    """The other accounts of the child at this service whose deletion a person may look for beside this one."""
    rows = (
        ConsentRequest.objects.select_related("guardian")
        .filter(
            child__in=children.everyone(consent.child.root),
            service_ref=consent.service_ref,
            ended_at=consent.ended_at,
            deletions__isnull=False,
        )
        .exclude(pk=consent.pk)
        .order_by("pk")
    )
    return [{"row": row, "mark": bytes(row.digest)} for row in rows if proven or actions.gave(row, here)]


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
            typed = {"email": request.POST.get("email", ""), "error": told(refused)}
            return page(request, "wali_kedua.html", {**context, **typed}, 400)
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
    return back("keluarga_anak", chosen.pk, fragment="?terkirim=jawaban#terkirim")


SAID = {"ya": True, "belum": False, "tidak-yakin": None}


@require_POST
@guardian_only
def say_age(request: HttpRequest, who: Guardian, question: UUID) -> HttpResponse:
    """Say whether a child is of an age; nothing is chosen beforehand, and not to be sure is an answer."""
    now = clock.now()
    said = request.POST.get("umur", "")
    if said not in SAID:
        session.tell(request, _("Pilih satu jawaban."))
    elif not vouching.answer(who, question, SAID[said], now=now):
        session.tell(request, _("Pertanyaan itu sudah selesai. Tidak ada yang berubah."))
    else:
        return back("keluarga", fragment="?terkirim=umur#umur")
    return back("keluarga")
