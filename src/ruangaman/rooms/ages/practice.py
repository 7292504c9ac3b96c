"""
The practice statement (a word of ISO/IEC 27566-1): how this house finds out ages, generated from what is configured.

Every value is read where the code reads it: a way that is off, another term or a new institution shows at once. The
definitions of the words are our own; the standard's text is paid and not quoted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ruangaman.adapters import packs
from ruangaman.core import age_checks
from ruangaman.core.age_checks import BY_NAME
from ruangaman.core.credentials.token_directory import PATH
from ruangaman.rooms.ages import checks, config, contests, faces, institutions, issuer_keys, vouching

RISKS: Final = ("low", "high", "unassessed")
AT_THE_DOOR: Final = ("signal",)
"""What platforms tell at their door (`POST /v1/sessions/{id}/age`): no page offers it, and no setting switches it."""

Text = Mapping[str, str]

KINDS: Final[Mapping[str, Text]] = {
    "verification": {
        "id": "Pemeriksaan: seseorang yang tahu tanggal lahirnya menyatakan umur ini, dengan tanda tangan atau setelah dibuktikan.",  # noqa: E501
        "en": "Verification: somebody who knows the birth date says this age, by a signature or after a proof.",
    },
    "estimation": {
        "id": "Perkiraan: umur ditebak dari ciri tubuh. Hasilnya selalu punya kesalahan.",
        "en": "Estimation: the age is guessed from features of the body. It always has an error.",
    },
    "inference": {
        "id": "Kesimpulan: umur disimpulkan dari hal lain yang diketahui. Tidak dipakai di sini.",
        "en": "Inference: the age follows from other things that are known. Not used here.",
    },
    "declaration": {
        "id": "Pengakuan: orang itu sendiri, atau HP-nya, yang bilang. Siapa pun bisa bilang apa saja.",
        "en": "Declaration: the person, or the phone, says so. Anybody can say anything.",
    },
}
NAMES: Final[Mapping[str, Text]] = {
    "declared": {"id": "Menyatakan sendiri", "en": "Own statement"},
    "signal": {"id": "Isyarat dari HP, lewat aplikasi", "en": "A phone's signal, through an app"},
    "token": {"id": "Kartu umur dari Dompet", "en": "Age token of a wallet"},
    "guardian": {"id": "Orang tua yang terbukti menyatakan", "en": "A proven guardian says it"},
    "institution": {"id": "Lembaga menjawab ya atau tidak", "en": "An institution answers yes or no"},
    "wallet": {"id": "Identitas digital di HP", "en": "Digital identity on a phone"},
    "face": {"id": "Perkiraan dari wajah", "en": "Estimate from a face"},
}
# What is known of errors. None has been measured by this house, and the page says so.
ERRORS: Final[Mapping[str, Text]] = {
    "declared": {
        "id": "Tidak kami ukur. Siapa yang berbohong tidak ketahuan.",
        "en": "Not measured by us. Who lies is not found out.",
    },
    "signal": {
        "id": "Tidak kami ukur. Aplikasi bisa mengarangnya.",
        "en": "Not measured by us. An app can make it up.",
    },
    "token": {
        "id": "Tidak kami ukur. Sama dengan cara yang dipakai saat kartunya dibuat; kartu bisa dipinjamkan.",
        "en": "Not measured by us. As the way by which it was made; a token can be lent.",
    },
    "guardian": {
        "id": "Tidak kami ukur. Orang tua yang terbukti bisa salah atau berbohong.",
        "en": "Not measured by us. A proven guardian can err or lie.",
    },
    "institution": {
        "id": "Tidak kami ukur. Lembaga itu tahu tanggal lahir; siapa yang duduk di sana, lembaga itu yang memeriksa.",
        "en": "Not measured by us. The institution knows birth dates; who sits there is for it to check.",
    },
    "wallet": {
        "id": "Tidak kami ukur. Penerbit identitas yang memeriksa orangnya; HP bisa dipinjamkan.",
        "en": "Not measured by us. The issuer checks the person; a phone can be lent.",
    },
    "face": {
        "id": "Tidak kami ukur. Pembuat model hanya menulis rata-rata; batas kesalahan untuk anak belum ada.",
        "en": "Not measured by us. The model's author states means alone; no bound for children is published.",
    },
}


MEASURED: Final[Text] = {
    "id": "Tidak kami ukur. Siapa yang mengukur, dan apa, tertulis di bawah. Yang memalsukan tidak ketahuan.",
    "en": "Not measured by us. Who measured what stands below. Who forges is not found out.",
}
"""Of estimates from a face, where somebody measured how far their model errs."""


def statement(now: datetime) -> dict[str, Any]:
    """The whole statement as it is true at `now`; texts are {id, en}."""
    pack = packs.load(config.JURISDICTION)
    due = contests.due_of(config.JURISDICTION, now)
    return {
        "schema_version": 1,
        "at": now.isoformat(timespec="seconds"),
        "jurisdiction": config.JURISDICTION,
        "law": {"version": pack.version, "hash": pack.hash},
        "kinds": {name: dict(text) for name, text in KINDS.items()},
        "ways": [_way(name, number, now) for number, name in enumerate(BY_NAME, 1)],
        "institutions": [
            {"slug": one.slug, "kind": one.kind, "name": dict(one.name), "assurance": one.assurance}
            for one in institutions.living()
        ],
        "kept": kept(now, due.due_at),
        "limits": {
            "try_minutes": config.ATTEMPT.total_seconds() / 60,
            "guardian_days": _days(vouching.LIFE),
            "guardian_asked_a_day": vouching.A_DAY,
        },
        "tokens": _tokens(now),
        "appeals": {"due_at": due.due_at.isoformat() if due.due_at else None, "articles": list(due.articles)},
    }


def _way(name: str, order: int, now: datetime) -> dict[str, Any]:
    way = BY_NAME[name]
    pack = packs.load(config.JURISDICTION)
    on = name in config.ways() or name in AT_THE_DOOR
    estimate = faces.stated(now) if name == faces.NAME else None
    judged = {
        risk: age_checks.judge(pack, {"risk_profile": risk, "designed_for_children": False}, way, now=now)
        for risk in RISKS
    }
    return {
        "name": name,
        "title": dict(NAMES[name]),
        "order": order,
        "on": on,
        "available": on and (checks.can_be_gone(name, now) or name in AT_THE_DOOR),
        "kind": way.kind,
        "evidence": way.evidence,
        "assurance": way.assurance,
        "enough": {
            risk: "yes" if one.enough else "no" if one.answer.decided else "depends"
            for risk, one in judged.items()
        },
        "articles": sorted({article for one in judged.values() for article in one.answer.articles}),
        "forgeable": way.forgeable,
        "error": {
            "measured_by_us": False,
            "budget": None,
            "known": dict(MEASURED if estimate and estimate["measured"] else ERRORS[name]),
        },
        **({"estimate": estimate} if estimate else {}),
    }


def kept(now: datetime, due_at: datetime | None) -> list[dict[str, Any]]:
    """What this house keeps of a check, and how long in days; 0 is not at all, None is without a term."""
    answer = config.contest_forgets_after()
    return [
        {"what": "evidence", "days": 0.0},
        {"what": "result", "days": _days(config.result_kept())},
        {"what": "way_and_time", "days": None},
        {"what": "tries", "days": _days(config.ATTEMPTS_KEPT)},
        {"what": "deciding_try", "days": _days(config.result_kept())},
        {"what": "wallet_answer", "days": _days(config.ATTEMPT)},
        {"what": "wallet", "days": None},
        {"what": "cards", "days": _days(config.CARDS_VALID + config.SKEW)},
        {"what": "spent_tokens", "days": _days(config.EPOCH + config.OVERLAP + config.SKEW)},
        {"what": "contest", "days": _days((due_at or now) + answer - now)},
        {"what": "contest_answer", "days": _days(answer)},
    ]


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)


def _tokens(now: datetime) -> dict[str, Any]:
    return {
        "claims": list(issuer_keys.claims(now)),
        "assurances": list(config.ISSUED_ASSURANCES),
        "epoch_days": _days(config.EPOCH),
        "overlap_days": _days(config.OVERLAP),
        "quota_of_a_key": config.QUOTA,
        "directory": config.issuer_url() + PATH,
    }
