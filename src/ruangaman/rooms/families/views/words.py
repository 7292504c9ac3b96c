"""States in words, for a guardian and for a child; answer first, reason second, article third."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.core.consent import WAITING, State
from ruangaman.rooms.families import actions, deletions, times
from ruangaman.rooms.families.models import Child, DeletionTask, Relation
from ruangaman.rooms.families.types import OfficerAnswer


def person(kind: str, *, inside: bool = False) -> str:
    """Who decided, as the child calls that person; `inside` a sentence a common noun is small."""
    if kind == "mother":
        return _("Ibu")
    if kind == "father":
        return _("Ayah")
    if kind == "guardian":
        return _("walimu") if inside else _("Walimu")
    return _("orang tuamu") if inside else _("Orang tuamu")


def kind_for(root: Child, now: datetime) -> str:
    """The kind of this child's first proven guardian, so that a closed door names the right person; else empty."""
    first = (
        Relation.objects.filter(child=root, level__gte=3)
        .exclude(valid_to__lte=now)
        .order_by("valid_from")
        .first()
    )
    return first.kind if first else ""


def answer(one: OfficerAnswer) -> dict[str, str]:
    """An officer's or a platform's answer: about what, yes or no, who decided, and why."""
    about = {
        "objection": _("Keberatanmu"),
        "age": _("Soal umurmu"),
        "copy": _("Permintaan salinan data"),
        "delete": _("Permintaan hapus data"),
        "complaint": _("Aduan Anda"),
    }
    english = (get_language() or "id").startswith("en")
    return {
        "about": about[one.kind],
        "decision": _("Diterima") if one.decision == "granted" else _("Tidak diterima"),
        "who": one.by or _("Petugas Ruang Aman"),
        "text": (one.text["en"] if english else "") or one.text["id"],
    }


def method(name: str) -> str:
    """How a relation was proven, in words."""
    return {
        "family_card": _("kartu keluarga"),
        "court_order": _("putusan pengadilan"),
        "school_witness": _("saksi sekolah"),
    }.get(name, name)


def for_guardian(
    state: State | None, age: int | None, risk: str, *, article: str, own: str = "", taken_back: bool = False
) -> dict[str, str]:
    """Door, word and reason of a service on the guardian's page; `own` names a child whose own consent this is,
    `article` is what the law's answer cites first.
    """
    if taken_back:
        reason = _("%(name)s mencabut persetujuannya.") % {"name": own}
        return {"door": "closed", "word": _("Tertutup"), "reason": reason}
    if state is State.GIVEN:
        reason = _("%(name)s setuju sendiri. Anda mengonfirmasi.") % {"name": own} if own else ""
        return {"door": "open", "word": _("Terbuka"), "reason": reason}
    if age is not None and risk == "unassessed":
        return {
            "door": "unknown",
            "word": _("Belum dinilai"),
            "reason": _("Risikonya belum dinilai. Sampai dinilai, tetap tertutup."),
        }
    if age is not None:
        reason = (
            _("Risikonya tinggi. Izin orang tua tidak bisa membukanya.")
            if risk == "high"
            else _("Bukan aplikasi anak. Izin orang tua tidak bisa membukanya.")
        )
        return {
            "door": "closed",
            "word": _("Tertutup sampai %(age)s tahun") % {"age": age},
            "reason": reason,
            "article": article,
        }
    if state in WAITING:
        return {"door": "waiting", "word": _("Menunggu Anda"), "reason": ""}
    if state is State.REFUSED:
        no = _("Anda tidak mengonfirmasi.") if own else _("Anda bilang tidak dulu.")
        return {"door": "closed", "word": _("Tertutup"), "reason": no}
    if state is State.WITHDRAWN:
        return {"door": "closed", "word": _("Tertutup"), "reason": _("Izin dicabut.")}
    if state is State.LAPSED:
        return {
            "door": "closed",
            "word": _("Tertutup"),
            "reason": _("Waktunya lewat tanpa jawaban. Anak boleh minta lagi."),
        }
    return {"door": "closed", "word": _("Tertutup"), "reason": ""}


def for_child(
    state: State | None, age: int | None, kind: str, risk: str, *, own: bool = False, taken_back: bool = False
) -> dict[str, str]:
    """Door, word and reason on the child's page. Never "refused", never red, and the law's no is not the
    parent's. `own`: the consent is the child's, a parent only confirms it.
    """
    who, inside = person(kind), person(kind, inside=True)
    if taken_back:
        return {"door": "closed", "word": _("Tertutup"), "reason": _("Kamu mencabut persetujuanmu.")}
    if age is not None and risk == "unassessed":
        return {
            "door": "unknown",
            "word": _("Belum dinilai"),
            "reason": _("Risikonya belum dinilai. Aturan menutupnya, bukan %(who)s.") % {"who": inside},
        }
    if age is not None:
        reason = (
            _("Risikonya tinggi. Aturan menutupnya, bukan %(who)s.") % {"who": inside}
            if risk == "high"
            else _(
                "Aplikasi ini tidak dibuat khusus untuk anak. Mulai %(age)s tahun, orang tuamu boleh ditanya."
            )
            % {"age": age}
        )
        return {"door": "later", "word": _("Nanti, %(age)s tahun") % {"age": age}, "reason": reason}
    if state is State.GIVEN:
        said = _("Kamu setuju. %(who)s mengonfirmasi.") if own else _("%(who)s bilang boleh.")
        return {"door": "open", "word": _("Terbuka"), "reason": said % {"who": who}}
    if state in WAITING:
        patience = _("Kamu tidak perlu mengirim lagi.")
        return {
            "door": "waiting",
            "word": _("Menunggu %(who)s") % {"who": inside},
            "reason": _("Kamu sudah setuju.") + " " + patience if own else patience,
        }
    if state is State.REFUSED:
        said = _("%(who)s belum mengonfirmasi.") if own else _("%(who)s bilang belum.")
        return {"door": "closed", "word": _("Belum boleh"), "reason": said % {"who": who}}
    if state is State.WITHDRAWN:
        return {
            "door": "closed",
            "word": _("Belum boleh"),
            "reason": _("%(who)s menutupnya lagi.") % {"who": who},
        }
    if state is State.NOT_MY_CHILD:
        said = _("Penerimanya bilang: ini bukan anaknya. Periksa alamatnya, lalu minta lagi.")
        return {"door": "closed", "word": _("Belum terbuka"), "reason": said}
    if state in (State.LAPSED, State.EXPIRED):
        return {
            "door": "closed",
            "word": _("Belum terbuka"),
            "reason": _("Belum ada jawaban. Kamu boleh minta lagi."),
        }
    return {"door": "closed", "word": _("Tertutup"), "reason": _("Akunmu di sini sudah ditutup.")}


def astray() -> str:
    """What a child reads when its request reached somebody who is not its parent."""
    return _("Ada yang membuka. Katanya ia bukan orang tuamu. Kirim lagi ke orang tuamu.")


def letter(*, age: bool = False) -> str:
    """What a child calls what it sent: about its age, or anything else."""
    return _("Soal umurmu") if age else _("Ceritamu")


def feeling(name: str) -> str:
    """What a card of the youngest says."""
    return {"like": _("Aku suka"), "dislike": _("Aku tidak suka"), "afraid": _("Aku takut")}.get(name, "")


def receipt_title(kind: str, service: str, name: str, *, own: bool = False) -> str:
    """One line for a receipt; `own`: of a consent that is the child's, which a parent confirms."""
    if own and kind in ("given", "refused", "withdrawn"):
        return {
            "given": _("Konfirmasi untuk %(service)s"),
            "refused": _("%(service)s tidak dikonfirmasi"),
            "withdrawn": _("Persetujuan untuk %(service)s dicabut"),
        }[kind] % {"service": service}
    return {
        "given": _("Izin untuk %(service)s"),
        "refused": _("Izin untuk %(service)s: tidak dulu"),
        "withdrawn": _("Izin %(service)s dicabut"),
        "deletion": _("Data di %(service)s dihapus"),
    }[kind] % {"service": service, "name": name}


def deletion(task: DeletionTask, service: str, now: datetime) -> dict[str, Any]:
    """The steps of a deletion, and how late it is."""
    late_since = deletions.late_since(task, now)
    late_days = max(1, (now - late_since).days) if late_since else 0
    begun = _("Izin dicabut") if task.reason == "withdrawn" else _("Jawaban Anda: tidak dulu")
    if task.request is not None and actions.taken_back(task.request):
        begun = _("Anak mencabut persetujuannya")
    closed = _("Akses ditutup")
    if task.due_at is not None:
        erase = _("Penghapusan data, batas %(day)s") % {"day": times.day(task.due_at, year=False)}
    else:
        erase = _("Penghapusan data. Batas waktunya belum pasti dalam aturan.")
    steps = [
        {"state": "done", "text": begun, "when": times.moment(task.started_at, year=True)},
        {"state": "done", "text": closed, "when": times.clock(task.started_at)},
    ]
    if task.done_at is not None:
        steps.append(
            {"state": "done", "text": _("Data dihapus"), "when": times.moment(task.done_at, year=True)}
        )
        steps.append(
            {
                "state": "done",
                "text": _("Bukti dari %(service)s") % {"service": service},
                "when": times.moment(task.confirmed_at, year=True),
            }
        )
    else:
        if task.stop_at is not None:
            stop = _("Pemrosesan data harus berhenti, batas %(day)s") % {
                "day": times.day(task.stop_at, year=False)
            }
            state = "late" if now > task.stop_at else "now"
            steps.append({"state": state, "text": stop, "when": times.clock(task.stop_at)})
        late = task.due_at is not None and now > task.due_at
        steps.append({"state": "late" if late else "now", "text": erase, "when": ""})
        steps.append(
            {"state": "open", "text": _("Bukti dari %(service)s") % {"service": service}, "when": ""}
        )
    doubts = []
    if task.done_at is None:
        doubts = [one for one in (task.stop_doubt, {} if task.due_at else task.doubt) if one]
    return {"steps": steps, "late_days": late_days, "doubts": doubts, "by": role(task.by)}


def role(name: str) -> str:
    """Who confirmed at a platform: the usual role in the reader's words, others as they were sent."""
    return _("petugas data") if name.strip().lower() in ("petugas data", "data officer") else name


def system(name: str) -> str:
    """A part of a platform that was emptied: the usual names in the reader's words, others as they were sent."""
    return {
        "accounts": _("akun"),
        "writings": _("tulisan"),
        "messages": _("pesan"),
        "pictures": _("gambar"),
        "backups": _("cadangan"),
        "logs": _("catatan"),
    }.get(name, name)


def emptied(systems: list[str], counts: dict[str, int]) -> str:
    """What was deleted, with numbers where the platform gave them: `akun: 1, tulisan: 3`."""
    named = [*systems, *(name for name in sorted(counts) if name not in systems)]
    return ", ".join(f"{system(name)}: {counts[name]}" if name in counts else system(name) for name in named)
