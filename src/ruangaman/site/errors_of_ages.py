"""Refusals of the room `ages`: checks, ways of proving, tokens."""

from ruangaman.site.catalogue import Entry

OF_AGES: dict[str, Entry] = {
    "ages.not-found": Entry(404, "Tidak ada di sini.", "There is no such thing here."),
    "ages.check-over": Entry(409, "Cek umur ini sudah selesai.", "This age check is over."),
    "ages.attempt-over": Entry(
        410, "Waktunya lewat, atau sudah pernah dipakai.", "The time is over, or it was used before."
    ),
    "ages.way-closed": Entry(
        409, "Cara ini tidak bisa dipakai untuk layanan ini.", "This way cannot be used for this service."
    ),
    "ages.no-such-range": Entry(422, "Pilih satu rentang umur.", "Choose one range of ages."),
    "ages.other-browser": Entry(
        403, "Jawaban datang ke peramban lain.", "The answer came to another browser than the one that asked."
    ),
    "ages.not-entitled": Entry(
        403,
        "Umur yang terbukti tidak cukup untuk kartu ini.",
        "The age that was proved does not carry this claim.",
    ),
    "ages.quota-used": Entry(
        429,
        "Semua lembar masa ini sudah diambil. Tunggu masa berikutnya.",
        "All tokens of this epoch are taken. Wait for the next one.",
    ),
    "ages.stopped": Entry(
        403, "Dompet ini tidak mendapat lembar baru.", "Nothing is issued to this wallet any more."
    ),
    "ages.institution-refused": Entry(
        422,
        "Lembaga ini tidak dapat didaftarkan. `why` menyebut isiannya.",
        "The institution cannot be registered. `why` names the field.",
    ),
    "ages.key-unknown": Entry(
        422, "Tidak ada kunci yang cocok dengan permintaan ini.", "No living key fits this request."
    ),
    "ages.request-malformed": Entry(
        422, "Bentuk permintaan kartu umur salah.", "The request for a token has the wrong form."
    ),
    "ages.media-type-refused": Entry(
        415, "Jenis isi ini tidak dikenal di sini.", "This media type is not known here."
    ),
    "ages.login-missing": Entry(
        401,
        "Kartu umur diberikan kepada dompet yang mengenalkan diri.",
        "Tokens are issued to a wallet that says who it is.",
    ),
    "ages.verdict-refused": Entry(
        403, "Jawaban lembaga itu tidak dapat dipakai.", "The institution's answer cannot be used."
    ),
    "ages.trust-refused": Entry(
        422,
        "Daftar penerbit ini tidak dapat dipakai. `why` menyebut isiannya.",
        "This list of issuers cannot be used. `why` names the field.",
    ),
    "ages.wallet-answer-refused": Entry(
        400,
        "Bentuk atau ukuran jawaban dompet salah.",
        "The wallet's answer has the wrong form or size.",
    ),
    "ages.credential-not-valid": Entry(
        403,
        "Identitas digital ini tidak berlaku menurut penerbitnya.",
        "The issuer says that this credential is not valid.",
    ),
    "ages.status-unreachable": Entry(
        503,
        "Daftar status penerbit tidak dapat diperiksa sekarang.",
        "The issuer's status list cannot be checked now.",
    ),
}
