"""The forms of the desk. An answer is complete or refused; the actions decide, the forms read."""

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ruangaman.rooms.access.bounds import MOST_YEARS
from ruangaman.rooms.access.desk import matters


def _input(kind: type[forms.Widget], **attrs: Any) -> forms.Widget:
    return kind(attrs={"class": "input", **attrs})


def _years(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_YEARS,
        widget=_input(forms.TextInput, inputmode="numeric"),
    )


class SignInForm(AuthenticationForm):
    """Name and password."""

    use_required_attribute = False  # browsers would speak for us, in a language of their own

    username = forms.CharField(
        label=_("Nama petugas"), max_length=150, widget=_input(forms.TextInput, autocomplete="username")
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        widget=_input(forms.PasswordInput, autocomplete="current-password"),
    )

    def get_invalid_login_error(self) -> ValidationError:
        """One sentence, whatever the cause."""
        return ValidationError(_("Nama atau kata sandi tidak cocok."), code="invalid_login")

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        if not user.is_active:
            raise self.get_invalid_login_error()


class PasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password, twice."""

    use_required_attribute = False

    new_password1 = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        widget=_input(forms.PasswordInput, autocomplete="new-password"),
        help_text=_("12 huruf atau lebih. Beberapa kata acak mudah diingat."),
    )
    new_password2 = forms.CharField(
        label=_("Sekali lagi"),
        strip=False,
        widget=_input(forms.PasswordInput, autocomplete="new-password"),
    )


class AnswerForm(forms.Form):
    """A decision and its reason; for a contest of an age, also the age that was found right."""

    use_required_attribute = False

    decision = forms.ChoiceField(
        choices=(("granted", _("Diterima")), ("declined", _("Tidak diterima"))),
        error_messages={"required": _("Pilih satu."), "invalid_choice": _("Pilih satu.")},
    )
    reason = forms.CharField(
        label=_("Alasan, dibaca penanya"),
        max_length=matters.LONGEST,
        widget=_input(forms.Textarea, rows=5, maxlength=matters.LONGEST),
        help_text=_("Bahasa Indonesia sederhana: apa yang diputuskan, mengapa, apa yang terjadi sekarang."),
        error_messages={"required": _("Tulis alasan. Penanya berhak membacanya.")},
    )


class AgeAnswerForm(AnswerForm):
    """With the age, which is needed when the contest is granted."""

    at_least = _years(_("Paling muda (tahun)"))
    at_most = _years(_("Paling tua (tahun)"))
    evidence = forms.ChoiceField(
        label=_("Dasarnya"),
        required=False,
        choices=(
            ("", _("Pilih satu")),
            ("self_declared", _("Pernyataan anak sendiri")),
            ("guardian_attested", _("Pernyataan orang tua atau wali")),
            ("verified", _("Bukti yang diperiksa petugas")),
        ),
        widget=_input(forms.Select),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("decision") == "granted" and not self.errors:
            low, high = found.get("at_least"), found.get("at_most")
            if low is None and high is None:
                self.add_error("at_least", _("Tulis umur yang benar, dalam tahun."))
            elif low is not None and high is not None and low > high:
                self.add_error("at_most", _("Paling tua tidak boleh di bawah paling muda."))
            if not found.get("evidence"):
                self.add_error("evidence", _("Pilih satu."))
        return found

    def corrected(self) -> matters.Corrected:
        """The age as the action takes it."""
        said = self.cleaned_data
        return matters.Corrected(said.get("at_least"), said.get("at_most"), said.get("evidence") or "")


class ContestForm(AgeAnswerForm):
    """A contest of a check: the reason in both languages, and the age where one is to be set."""

    reason = forms.CharField(
        label=_("Alasan, bahasa Indonesia"),
        max_length=matters.LONGEST,
        widget=_input(forms.Textarea, rows=4, maxlength=matters.LONGEST, lang="id"),
        help_text=_("Sederhana, untuk anak: apa yang diputuskan, mengapa, apa yang terjadi sekarang."),
        error_messages={"required": _("Tulis alasan. Penanya berhak membacanya.")},
    )
    reason_en = forms.CharField(
        label=_("Alasan yang sama, bahasa Inggris"),
        max_length=matters.LONGEST,
        widget=_input(forms.Textarea, rows=4, maxlength=matters.LONGEST, lang="en"),
        error_messages={"required": _("Tulis juga dalam bahasa Inggris.")},
    )

    def __init__(self, *args: Any, kind: str = "older", bound: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self._bound = kind, bound

    def clean(self) -> dict[str, Any]:
        found = super(AnswerForm, self).clean() or {}
        if found.get("decision") != "granted" or not self._bound or self.errors:
            return found
        low, high = found.get("at_least"), found.get("at_most")
        if low is None and high is None:
            if self._kind == "older":
                self.add_error("at_least", _("Tulis umur yang benar, dalam tahun."))
            return found
        if low is not None and high is not None and low > high:
            self.add_error("at_most", _("Paling tua tidak boleh di bawah paling muda."))
        if not found.get("evidence"):
            self.add_error("evidence", _("Pilih satu."))
        return found

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        age = {name: said[name] for name in ("at_least", "at_most") if said.get(name) is not None}
        granted = said["decision"] == "granted" and self._bound
        return {
            "decision": said["decision"],
            "reason": {"id": said["reason"], "en": said["reason_en"]},
            "age": age if granted and age else None,
            "evidence": said.get("evidence") or "",
        }
