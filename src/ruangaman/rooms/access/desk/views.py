"""The pages of the desk: sign in, what waits, one matter with its answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from ruangaman.adapters import callers, clock
from ruangaman.rooms.access import config
from ruangaman.rooms.access.desk import matters, staff, wording
from ruangaman.rooms.access.desk.forms import AgeAnswerForm, AnswerForm, PasswordForm, SignInForm
from ruangaman.rooms.access.errors import AnswerRefused, MatterAnswered, MatterClosed, NotFound
from ruangaman.rooms.access.models import Matter
from ruangaman.rooms.ages.api import contest_desk
from ruangaman.rooms.ledger import api as ledger

P = ParamSpec("P")
TURNS = {"kita": "house", "layanan": "platform"}
MOST_SHOWN = 200


def officer_only(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only a signed-in officer; nobody else's account is enough, an administrator's neither."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated or not request.user.is_staff:
            return redirect(f"{reverse('desk:masuk')}?next={request.path}")
        if not staff.is_officer(request.user):
            return render(request, "access/desk/bukan_petugas.html", status=403)
        return view(request, request.user, *args, **kwargs)

    return inner


class SignIn(auth.LoginView):
    """Name and password, five tries at once."""

    template_name = "access/desk/masuk.html"
    authentication_form = SignInForm

    def get_default_redirect_url(self) -> str:
        """Where this account begins: a page that it may see."""
        if staff.is_officer(self.request.user):
            return reverse("desk:masuk_surat")
        return config.begins(self.request.user) or reverse("desk:masuk_surat")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proxied = bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))
        address = callers.network(request.META, behind_proxy=proxied)
        wait = staff.wait_before_trying(request.POST.get("username", ""), address)
        if wait:
            told = ngettext(
                "Terlalu banyak percobaan. Tunggu %(wait)d detik.",
                "Terlalu banyak percobaan. Tunggu %(wait)d detik.",
                wait,
            ) % {"wait": wait}
            form = SignInForm(request, initial={"username": request.POST.get("username", "")[:150]})
            response = self.render_to_response(self.get_context_data(form=form, stopped=told))
            response.status_code = 429
            response["Retry-After"] = str(wait)
            return response
        return super().post(request, *args, **kwargs)


class SetPassword(auth.PasswordResetConfirmView):
    """The one-time link: its person chooses the password that nobody else knows."""

    template_name = "access/desk/kata_sandi.html"
    form_class = PasswordForm
    success_url = reverse_lazy("desk:masuk")

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.user is not None
        with transaction.atomic():
            ledger.append("staff.password-set", {"admin": self.user.is_superuser}, at=clock.now())
            return super().form_valid(form)

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        response = super().render_to_response(context, **more)
        if not context.get("validlink"):
            response.status_code = 410
        return response


SIGN_OUT = auth.LogoutView.as_view(next_page=reverse_lazy("desk:masuk"))


@require_GET
@officer_only
def inbox(request: HttpRequest, _officer: User) -> HttpResponse:
    """What waits, the earliest due first; looking changes nothing."""
    now = clock.now()
    chosen = request.GET.get("giliran", "")
    rows = matters.waiting(TURNS.get(chosen, ""))
    context = {
        "rows": [wording.line(row, now) for row in rows[:MOST_SHOWN]],
        "count": rows.count(),
        "most": MOST_SHOWN,
        "chosen": chosen if chosen in TURNS else "",
        "answered": [wording.line(row, now) for row in matters.answered()],
        "contests": contest_desk.waiting().count(),
    }
    return render(request, "access/desk/masuk_surat.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_only
def matter(request: HttpRequest, officer: User, ref: UUID) -> HttpResponse:
    """One matter. Opening what was written and answering are acts, so each is a POST."""
    now = clock.now()
    try:
        row = matters.get(ref)
    except NotFound:
        raise Http404 from None
    kind = AgeAnswerForm if row.kind == "age" else AnswerForm
    if request.method != "POST":
        return _show(request, row, officer, kind())
    if request.POST.get("act") == "read":
        matters.read(ref, officer, now=now)
        return _to(ref, "surat")
    form = kind(request.POST)
    if not form.is_valid():
        return _show(request, row, officer, form, status=400)
    try:
        matters.answer(
            ref,
            officer,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
            corrected=form.corrected() if isinstance(form, AgeAnswerForm) else None,
            now=now,
        )
    except MatterAnswered:
        told = _("Sudah dijawab sebelum ini. Jawaban Anda tidak disimpan.")
        return _show(request, matters.get(ref), officer, form, error=told, status=409)
    except MatterClosed:
        told = _("Data keluarga ini sudah dilupakan. Jawaban tidak disimpan.")
        return _show(request, matters.get(ref), officer, form, error=told, status=409)
    except AnswerRefused as refused:
        told = _("Buka dan baca dulu isi suratnya.")
        if refused.facts.get("why") == "forgotten":
            told = _("Data keluarga ini sudah dilupakan. Jawaban tidak disimpan.")
        return _show(request, row, officer, form, error=told, status=409)
    return _to(ref, "jawaban")


def _to(ref: UUID, part: str) -> HttpResponse:
    response = HttpResponseRedirect(reverse("desk:surat", args=[ref]) + f"#{part}")
    response.status_code = 303
    return response


def _show(
    request: HttpRequest, row: Matter, officer: User, form: AnswerForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    read = matters.has_read(row, officer)
    context = {
        "row": row,
        "line": wording.line(row, clock.now()),
        "said": wording.said(row),
        "read": read,
        "words": matters.words(row, officer) if read and row.has_words else "",
        "age": wording.age(matters.recorded_age(row, officer)) if read and row.kind == "age" else "",
        "readings": row.readings.select_related("officer").order_by("at"),
        "may_answer": row.answered_at is None
        and row.forgotten_at is None
        and (read or not (row.has_words or row.kind == "age")),
        "reason": wording.in_language(matters.reason_of(row)),
        "form": form,
        "error": error,
    }
    return render(request, "access/desk/surat.html", context, status=status)
