"""
A card as files: CSV and JSON, a ZIP with the evidence and its hashes for the province's check, XLSX where it can be
made.

Files are written in Indonesian, since the province reads them; numbers in CSV have a point.
"""

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any, Final

from ruangaman.core.kla.weights import shown
from ruangaman.rooms.places.kla import checks, proofs
from ruangaman.rooms.places.kla.cards import Board, evidence_of
from ruangaman.rooms.places.models import KlaEvidence

IN_MEMORY: Final = 16_000_000
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
SCORES: Final = (
    "no", "klaster", "indikator", "bobot", "nilai_bagian", "nilai_poin", "poin_terendah", "poin_tertinggi",
    "bukti", "keadaan_bukti", "alasan", "periksa_provinsi", "alasan_provinsi",
)  # fmt: skip
EVIDENCE: Final = (
    "no", "pertanyaan", "jenis", "judul", "tanggal", "berlaku_sampai", "dikonfirmasi", "tautan", "berkas", "sha256",
)  # fmt: skip


def score_rows(seen: Board) -> list[list[str]]:
    """One row an indicator, under `SCORES`."""
    return [
        [
            str(one.indicator.no),
            seen.rules.clusters[one.indicator.cluster]["id"],
            one.indicator.title["id"],
            "" if one.weight is None else shown(one.weight),
            "" if one.told.share is None else shown(one.told.share),
            "" if one.told.points is None else shown(one.told.points),
            shown(one.points.low),
            shown(one.points.high),
            str(one.pieces),
            one.standing.value,
            one.why,
            one.verdict.mark if one.verdict else "",
            one.verdict.reason if one.verdict else "",
        ]
        for one in seen.lines
    ]


def evidence_rows(pieces: Iterable[KlaEvidence]) -> list[list[str]]:
    """One row a piece, under `EVIDENCE`."""
    return [
        [
            str(one.indicator), one.question, one.kind, one.title, one.dated.isoformat(),
            one.until.isoformat() if one.until else "", "ya" if one.confirmed_at else "belum", one.url, name_of(one),
            one.sha256,
        ]
        for one in pieces
    ]  # fmt: skip


def name_of(one: KlaEvidence) -> str:
    """Its name inside the ZIP; empty when it has no file."""
    return f"bukti/{one.indicator:02d}-{one.sha256[:12]}.{one.extension}" if one.kind == proofs.FILE else ""


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table for spreadsheets: no cell begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def json_of(seen: Board) -> dict[str, Any]:
    """The card, its rules and its evidence."""
    card = seen.card
    ahead = seen.forecast
    return {
        "format": 1,
        "instrument": seen.rules.instrument,
        "data_version": seen.rules.version,
        "city": {"code": card.city.code, "name": card.city.name},
        "year": card.year,
        "last_day": card.last_day.isoformat(),
        "gap": seen.gap,
        "months": seen.months,
        "weights_version": card.weights.number if card.weights else None,
        "weights_source": card.weights.source if card.weights else None,
        "weights_sha256": card.weights.sha256 if card.weights else None,
        "unknown_weights": list(seen.weights.unknown),
        "total": _range(seen.total),
        "levels": [one.id for one in seen.levels],
        "at_risk": _range(seen.at_risk),
        "forecast": {name: _range(getattr(ahead, name)) for name in ("low", "likely", "high")},
        "indicators": [dict(zip(SCORES, row, strict=True)) for row in score_rows(seen)],
        "evidence": [checks.told_of_evidence(one) for one in evidence_of(card)],
    }


def _range(found: Any) -> dict[str, str]:
    return {"low": shown(found.low), "high": shown(found.high)}


def zip_of(seen: Board, now: datetime) -> IO[bytes]:
    """
    The whole card as a ZIP: both tables, the JSON, every file of evidence, and `SHA256SUMS` over all of them, as
    `sha256sum -c` reads it. The caller closes it.
    """
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (it is handed out)
    pieces = evidence_of(seen.card)
    stamp = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, 0)
    sums = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:

        def put(name: str, data: bytes) -> None:
            made.writestr(zipfile.ZipInfo(name, stamp), data, zipfile.ZIP_DEFLATED)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")

        put("nilai.csv", csv_of(SCORES, score_rows(seen)))
        put("bukti.csv", csv_of(EVIDENCE, evidence_rows(pieces)))
        put("kartu.json", checks.canonical(json_of(seen)))
        names = set()
        for one in pieces:
            name = name_of(one)
            if name and name not in names:
                names.add(name)
                put(name, proofs.data_of(one))
        made.writestr(zipfile.ZipInfo("SHA256SUMS", stamp), "".join(sums), zipfile.ZIP_DEFLATED)
    out.seek(0)
    return out


def has_xlsx() -> bool:
    """Whether a spreadsheet can be made here (the extra `ruangaman[city]`)."""
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        return False
    return True


def xlsx_of(seen: Board) -> bytes:
    """Both tables as sheets; raises ImportError without `openpyxl`."""
    from openpyxl import Workbook

    book = Workbook()
    for title, head, rows in (
        ("Nilai", SCORES, score_rows(seen)),
        ("Bukti", EVIDENCE, evidence_rows(evidence_of(seen.card))),
    ):
        sheet = book.create_sheet(title)
        sheet.append(list(head))
        for row in rows:
            sheet.append([_cell(cell) for cell in row])
        sheet.freeze_panes = "B2"
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
