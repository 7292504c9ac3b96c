"""Refusals of Token Status Lists."""

from ruangaman.site.catalogue import Entry

OF_STATUS_LISTS: dict[str, Entry] = {
    "status-list.bad-reference": Entry(
        422,
        "Rujukan ke daftar status salah bentuk. `member` menyebut bagiannya.",
        "The reference to the status list is malformed. `member` says which part.",
    ),
    "status-list.bad-zlib": Entry(
        422,
        "Isi daftar status rusak, terpotong, atau diikuti byte lain.",
        "The content of the status list is broken, cut short, or followed by other bytes.",
    ),
    "status-list.expired": Entry(
        422, "Daftar status ini sudah kedaluwarsa.", "This status list has expired."
    ),
    "status-list.full": Entry(
        503,
        "Daftar status ini penuh; daftar baru diperlukan.",
        "This status list is full; a new one is needed.",
    ),
    "status-list.index-out-of-range": Entry(
        422,
        "Nomor urut bukti ini melewati ujung daftar status.",
        "The index of this proof lies beyond the end of the status list.",
    ),
    "status-list.inflates-too-far": Entry(
        422,
        "Daftar status mengembang melewati batas; pembacaan dihentikan.",
        "The status list inflates beyond the limit; reading stopped.",
    ),
    "status-list.malformed": Entry(
        422,
        "Bagian daftar status hilang atau salah jenis. `member` menyebutnya.",
        "A part of the status list is missing or of the wrong type. `member` names it.",
    ),
    "status-list.not-yet": Entry(
        422, "Daftar status ini belum berlaku.", "This status list is not valid yet."
    ),
    "status-list.stale": Entry(
        422,
        "Daftar status ini lebih tua daripada yang diterima.",
        "This status list is older than what is accepted.",
    ),
    "status-list.unavailable": Entry(
        503,
        "Daftar status tidak dapat diambil, jadi bukti belum dapat dinilai.",
        "The status list could not be fetched, so the proof cannot be judged yet.",
    ),
    "status-list.wrong-subject": Entry(
        422,
        "Daftar status ini milik alamat lain.",
        "This status list belongs to another address.",
    ),
    "status-list.wrong-type": Entry(
        422,
        "Jenis token ini bukan daftar status.",
        "The type of this token is not that of a status list.",
    ),
}
