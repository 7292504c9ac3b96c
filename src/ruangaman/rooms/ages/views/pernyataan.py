"""The practice statement: how this house finds out ages, as a page and as JSON. Anybody may read it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.adapters import clock, packs
from ruangaman.core.law import citing
from ruangaman.rooms.ages import config, practice

MAX_AGE = 300  # seconds; what is configured changes with a restart, institutions at any time


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """`/cek-umur/pernyataan`."""
    language = str(getattr(request, "LANGUAGE_CODE", "id"))
    said = practice.statement(clock.now())

    def own(pair: dict[str, str]) -> str:
        return pair.get(language) or pair["id"]

    kinds = {name: own(text).partition(": ")[0] for name, text in said["kinds"].items()}
    context = {
        "said": said,
        "face": next(way for way in said["ways"] if way["name"] == "face"),
        "kinds": [own(text).partition(": ") for text in said["kinds"].values()],
        "ways": [
            {
                **way,
                "title": own(way["title"]),
                "kind": kinds[way["kind"]],
                "known": own(way["error"]["known"]),
                "enough": [(_risk(risk), _enough(word)) for risk, word in way["enough"].items()],
                "articles": [_article(one, language) for one in way["articles"]],
            }
            for way in said["ways"]
        ],
        "institutions": [
            {**one, "name": own(one["name"]), "kind": _institution(one["kind"])}
            for one in said["institutions"]
        ],
        "kept": [(_kept(one["what"]), _days(one["days"])) for one in said["kept"]],
        "appeal_articles": [_article(one, language) for one in said["appeals"]["articles"]],
        "appeal_due": datetime.fromisoformat(said["appeals"]["due_at"])
        if said["appeals"]["due_at"]
        else None,
    }
    response = render(request, "ages/pernyataan.html", context)
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response["Vary"] = "Cookie"
    return response


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """`/cek-umur/pernyataan.json`: the same, for programs."""
    return JsonResponse(
        practice.statement(clock.now()),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Cache-Control": f"public, max-age={MAX_AGE}", "Access-Control-Allow-Origin": "*"},
    )


def _article(source: str, language: str) -> str:
    if language == "id":
        return citing.indonesian(source)
    return citing.english(source, packs.load(config.JURISDICTION).source.instruments.values())


def _risk(name: str) -> str:
    return {"low": _("Risiko rendah"), "high": _("Risiko tinggi"), "unassessed": _("Risiko belum dinilai")}[
        name
    ]


def _enough(word: str) -> str:
    return {"yes": _("cukup"), "no": _("tidak cukup"), "depends": _("tergantung layanannya")}[word]


def _institution(kind: str) -> str:
    return {
        "school": _("sekolah"),
        "civil_registry": _("catatan sipil"),
        "telco": _("operator telepon"),
        "other": _("lembaga lain"),
    }[kind]


def _kept(what: str) -> str:
    return {
        "evidence": _("Bukti yang ditunjukkan: surat jawaban, kartu, identitas, yang diketik"),
        "result": _("Jawabannya: sudah umur ini, atau belum. Tersegel, dengan kunci sendiri"),
        "way_and_time": _("Cara, derajat, dan waktu, tanpa jawaban dan tanpa nama"),
        "tries": _("Percobaan yang gagal, sejak selesai: kapan, lewat mana, dan sidik kata acak. Tanpa isi"),
        "deciding_try": _("Percobaan yang menjawab: kapan, lewat mana, dan sidik kata acak. Tanpa isi"),
        "wallet_answer": _(
            "Ya atau tidak dari dompet identitas, tersegel, sampai peramban yang mulai mengambilnya"
        ),
        "wallet": _("Dompet: rentang umur yang terbukti, tersegel. Sampai dompetnya dikosongkan"),
        "cards": _("Kartu untuk dompet lain: nomor urutnya di daftar status, tersegel. Tanpa kartunya"),
        "spent_tokens": _("Nomor acak kartu yang sudah dipakai di sini"),
        "contest": _("Cerita dan berkas permintaan diperiksa orang, tersegel. Dihapus saat dijawab"),
        "contest_answer": _("Alasan petugas, tersegel, untuk yang punya nomor dan kata rahasianya"),
    }[what]


def _days(days: float | None) -> Any:
    if days is None:
        return _("tanpa batas waktu")
    if not days:
        return _("tidak disimpan")
    if days < 1:
        return _("paling lama %(minutes)s menit") % {"minutes": round(days * 24 * 60)}
    return _("paling lama %(days)s hari") % {"days": f"{days:g}" if days == int(days) else f"{days:.1f}"}
