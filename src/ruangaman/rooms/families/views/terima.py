"""Receipts: the page, the PDF (A4 and 80 mm), the JSON, and the public check that shows no person."""

from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ruangaman.adapters import clock, pdf
from ruangaman.core import tegel
from ruangaman.rooms.families import children, handling, lawdesk, receipts, times, tokens
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import Guardian, Receipt
from ruangaman.rooms.families.views import words
from ruangaman.rooms.families.views.common import guarded, guardian_only, name_of, page
from ruangaman.rooms.families.views.keluarga import mine, request_of

TEMPLATE = Path(__file__).parent.parent / "templates/families/pdf/receipt.typ"
SIZES = ("a4", "80mm")


def _receipt(who: Guardian, identity: UUID) -> Receipt:
    row = (
        Receipt.objects.select_related("child", "child__person", "deletion", "request", "request__guardian")
        .filter(pk=identity)
        .first()
    )
    now = clock.now()
    if row is not None and any(child.pk == row.child.root.pk for child, _row in mine(who, now)):
        return row
    if row is not None and row.request is not None:
        request_of(who, row.request.pk, now)  # the receipt of her own yes, though her proof has expired
        return row
    raise NotFound


def check_url(row: Receipt) -> str:
    """The public page on which anybody with the paper can compare it."""
    return tokens.absolute(reverse("families:cocokkan", args=[tokens.derived("receipt", row.pk)]))


@require_GET
@guardian_only
def show(request: HttpRequest, who: Guardian, identity: UUID) -> HttpResponse:
    """One receipt."""
    row = _receipt(who, identity)
    context = {
        "quick_exit": True,
        "receipt": row,
        "mark": bytes(row.digest),
        "hash": bytes(row.digest).hex(),
        "title": words.receipt_title(
            row.kind,
            row.body["service"]["name"],
            name_of(row.child),
            own=row.request is not None and row.request.kind == "confirmation",
        ),
        "lines": _lines(row),
        "notice": row.request if row.kind != "deletion" else None,
        "check_url": check_url(row),
        "whatsapp_url": to_whatsapp(row),
        "home_url": reverse("families:keluarga_anak", args=[row.child.root.pk]),
    }
    return page(request, "tanda_terima.html", context)


def to_whatsapp(row: Receipt) -> str:
    """Opens a guardian's own messenger with the words to keep."""
    return f"https://wa.me/?text={quote(_to_keep(row))}"


def _to_keep(row: Receipt) -> str:
    """What a guardian sends to herself: the code and the page to compare it with; no person in it."""
    return _("Tanda terima Ruang Aman %(code)s: %(link)s") % {
        "code": tegel.mark(bytes(row.digest)).code,
        "link": check_url(row),
    }


def _lines(row: Receipt, *, exact: bool = False) -> list[tuple[str, str]]:
    """What the receipt says, as pairs of word and value; `exact`, as on paper, with level, version and hash."""
    facts, service = row.body["facts"], row.body["service"]
    lines = [
        (_("Anak"), children.nickname(row.child) or "-"),
        (_("Aplikasi"), f"{service['name']} ({service['operator']})"),
        (_("Waktu"), times.moment(row.created_at, year=True)),
    ]
    if row.kind == "deletion" and row.deletion is not None:
        lines += [
            (_("Dihapus dari"), words.emptied(facts["systems"], facts["counts"])),
            (_("Selesai"), times.moment(row.deletion.done_at, year=True)),
            (_("Dikonfirmasi oleh"), words.role(facts["by"])),
        ]
        lines += [(_("Disimpan"), f"{one['what']} ({one['ground']})") for one in facts["exceptions"]]
    elif row.request is not None:
        method = words.method(row.request.proof_method)
        if exact:
            proof = _("tingkat %(level)s, %(method)s") % {"level": row.request.proof_level, "method": method}
            notice = f"v{row.request.notice_version}, {row.request.notice_sha256[:16]}…"
            lines += [(_("Bukti"), proof), (_("Pemberitahuan"), notice)]
        elif method:
            lines += [
                (_("Bukti"), _("Anda terbukti orang tua atau walinya: %(method)s") % {"method": method})
            ]
        lines += handling.lines(row.request.card)
    return lines


@require_GET
@guardian_only
def as_pdf(request: HttpRequest, who: Guardian, identity: UUID) -> HttpResponse:
    """The receipt as PDF; `?ukuran=80mm` for a roll."""
    row = _receipt(who, identity)
    size = request.GET.get("ukuran", "a4")
    with timezone.override(lawdesk.zone()):
        data = document(row, size if size in SIZES else "a4", getattr(request, "LANGUAGE_CODE", "id"))
    content = pdf.render(TEMPLATE.read_text(), data, at=row.created_at)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="tanda-terima-{tegel.mark(bytes(row.digest)).code}.pdf"'
    )
    response["Cache-Control"] = "no-store"
    return response


def document(row: Receipt, size: str, language: str) -> dict[str, object]:
    """What the printed receipt holds."""
    mark = tegel.mark(bytes(row.digest))
    return {
        "size": size,
        "language": language,
        "title": words.receipt_title(
            row.kind,
            row.body["service"]["name"],
            name_of(row.child),
            own=row.request is not None and row.request.kind == "confirmation",
        ),
        "head": _("Tanda terima"),
        "lines": [list(pair) for pair in _lines(row, exact=True)],
        "code": mark.code,
        "words": ", ".join(mark.words["en" if language == "en" else "id"]),
        "tile": tegel.mark_svg(mark, size=120, style="print"),
        "qr": segno.make(check_url(row), error="m", micro=False).svg_inline(scale=4, border=2),
        "hash": bytes(row.digest).hex(),
        "hash_word": _("Sidik (SHA-256 bergaram)"),
        "ledger": _("Buku besar, baris %(index)s") % {"index": row.ledger_index},
        "check": _("Cocokkan di halaman ini: gambar dan kodenya harus sama."),
    }


@require_GET
@guardian_only
def as_json(request: HttpRequest, who: Guardian, identity: UUID) -> HttpResponse:
    """The receipt as JSON, with salt and place in the ledger, to check without us."""
    row = _receipt(who, identity)
    response = JsonResponse(receipts.as_json(row), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = (
        f'attachment; filename="tanda-terima-{tegel.mark(bytes(row.digest)).code}.json"'
    )
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@guarded
def compare(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the QR of a receipt: tile, code, kind, time and place in the ledger; no child, no guardian."""
    found = tokens.find(token, "receipt", now=clock.now())
    for row in Receipt.objects.filter(request=found.request, child=found.child):
        if tokens.derived("receipt", row.pk) == token:
            context = {
                "mark": bytes(row.digest),
                "hash": bytes(row.digest).hex(),
                "service": row.body["service"]["name"],
                "kind": row.kind,
                "at": row.created_at,
                "ledger_index": row.ledger_index,
            }
            return page(request, "cocokkan.html", context)
    raise NotFound
