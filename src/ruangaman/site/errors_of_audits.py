"""Refusals of audits of places, their photos, limits and repairs."""

from ruangaman.site.catalogue import Entry

OF_AUDITS: dict[str, Entry] = {
    "audits.form-malformed": Entry(
        422,
        "Formulir atau aturan penilaian tidak bisa dipakai. `at` menyebut tempatnya.",
        "The form or the rules of audits cannot be used. `at` names the place.",
    ),
    "audits.limits-refused": Entry(
        422,
        "Berkas batas ukuran tidak bisa dipakai. `row` dan `why` menyebut tempatnya.",
        "The file of limits cannot be used. `row` and `why` name the place.",
    ),
    "photos.refused": Entry(
        422,
        "Foto ini tidak bisa diterima. `why` menyebut sebabnya.",
        "This photo cannot be taken. `why` says why.",
    ),
    "places.audit-refused": Entry(
        422,
        "Keadaan penilaian ini belum membolehkannya. `why` menyebut sebabnya.",
        "The state of this audit does not allow it. `why` says why.",
    ),
    "places.answers-refused": Entry(
        422,
        "Jawaban ini tidak cocok dengan formulirnya. `why` dan `item` menyebut tempatnya.",
        "These answers do not fit the form. `why` and `item` name the place.",
    ),
    "places.audit-finished": Entry(
        409,
        "Penilaian ini sudah ditutup. Jawabannya tidak bisa diubah lagi.",
        "This audit is closed. Its answers can no longer be changed.",
    ),
    "places.sending-differs": Entry(
        409,
        "Nomor kiriman ini pernah dipakai untuk isi yang lain.",
        "The id of this sending was used before for something else.",
    ),
    "places.sign-in": Entry(
        401,
        "Sesi sudah berakhir. Masuk lagi; jawaban di HP tetap ada.",
        "The session is over. Sign in again; what is on the phone stays there.",
    ),
    "places.not-yours": Entry(403, "Ini bukan tugas akun ini.", "This is not the work of this account."),
    "places.defect-refused": Entry(
        409,
        "Perbaikan ini tidak dalam keadaan itu. `why` menyebut sebabnya.",
        "The repair is not in that state. `why` says why.",
    ),
}
