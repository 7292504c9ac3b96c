"""Refusals of groups that are tested before and after a lesson, and of their sheets."""

from ruangaman.site.catalogue import Entry

OF_GROUPS: dict[str, Entry] = {
    "learning.no-such-group": Entry(
        404,
        "Kelompok ini tidak ada, atau waktunya sudah lewat.",
        "There is no such group, or its time is over.",
    ),
    "learning.group-refused": Entry(
        422,
        "Kelompok tidak bisa dibuat atau diubah begitu. `why` menyebut bagiannya.",
        "A group cannot be made or changed like that. `why` names the part.",
    ),
    "learning.too-many-tries": Entry(
        429,
        "Terlalu banyak kelompok atau kode yang salah dari jaringan ini. Tunggu `wait_s` detik.",
        "Too many groups or wrong codes from this network. Wait `wait_s` seconds.",
    ),
    "learning.no-such-seat": Entry(
        404,
        "Kode kursi ini salah ketik atau tidak ada.",
        "This code of a seat is misspelt or there is none.",
    ),
    "learning.from-another-site": Entry(
        403,
        "Kiriman ini datang dari halaman situs lain. Buka halaman tes di sini.",
        "This was sent by a page of another site. Open the page of the test here.",
    ),
    "learning.sheets-malformed": Entry(
        400,
        'Kiriman harus JSON `{"sheets": [...]}`.',
        'What is sent must be JSON, `{"sheets": [...]}`.',
    ),
    "learning.sheets-too-large": Entry(
        413,
        "Satu kiriman paling banyak 100 lembar dan 256 KiB.",
        "One sending has at most 100 sheets and 256 KiB.",
    ),
    "learning.sheet-malformed": Entry(
        422,
        "Lembar ini tidak dalam bentuk kita.",
        "This sheet is not in our form.",
    ),
    "learning.sheet-not-open": Entry(
        409,
        "Hari pengerjaannya bukan hari untuk tes ini.",
        "The day on which it was taken is not one for this test.",
    ),
    "learning.sheet-of-another-test": Entry(
        422,
        "Pelajaran atau soalnya bukan untuk kursi ini pada waktu itu.",
        "The objective or the form is not for this seat at that time.",
    ),
    "learning.sheet-version-unknown": Entry(
        422,
        "Versi soal ini tidak dikenal, atau butirnya sudah berubah.",
        "This version of the form is not known, or its items have changed since.",
    ),
    "learning.sheet-items": Entry(
        422,
        "Ada butir yang kurang, ganda, atau tidak dikenal.",
        "Items are missing, there twice, or unknown.",
    ),
    "learning.sheet-option": Entry(
        422,
        "Pilihan ini bukan dari butirnya, atau keyakinan diisi di tempat yang tidak menanyakannya.",
        "An option is not of its item, or sureness is told where it is not asked.",
    ),
    "learning.sheet-did": Entry(
        422,
        "Perbuatan ini tidak ditanyakan pada tes itu.",
        "What was done is not asked for with this test.",
    ),
    "learning.sheet-stands": Entry(
        409,
        "Lembar lain untuk kursi, pelajaran, dan waktu ini sudah masuk. Yang pertama tetap.",
        "Another sheet of this seat, objective and time has come. The first one stays.",
    ),
    "learning.sheet-id-taken": Entry(
        409,
        "Lembar kursi atau tes lain memakai `id` ini.",
        "A sheet of another seat or test has this `id`.",
    ),
}
