"""Refusals of the room `ages`: checks, ways of proving, tokens."""

from ruangaman.site.catalogue import Entry

OF_AGES: dict[str, Entry] = {
    "ages.not-found": Entry(404, "Tidak ada di sini.", "There is no such thing here."),
    "ages.check-over": Entry(409, "Cek umur ini sudah selesai.", "This age check is over."),
    "ages.attempt-over": Entry(
        410, "Waktunya lewat, atau sudah pernah dipakai.", "The time is over, or it was used before."
    ),
    "ages.too-many-tries": Entry(
        429, "Terlalu banyak percobaan. Tunggu sepuluh menit.", "Too many tries. Wait ten minutes."
    ),
    "ages.way-closed": Entry(
        409, "Cara ini tidak bisa dipakai untuk layanan ini.", "This way cannot be used for this service."
    ),
    "ages.no-such-range": Entry(422, "Pilih satu rentang umur.", "Choose one range of ages."),
    "ages.other-browser": Entry(
        403, "Jawaban datang ke peramban lain.", "The answer came to another browser than the one that asked."
    ),
    "ages.asked-too-often": Entry(
        429,
        "Orang tua sudah beberapa kali ditanya hari ini. Tunggu besok, atau pakai cara lain.",
        "The guardians were asked several times today. Wait until tomorrow, or use another way.",
    ),
    "ages.signal-refused": Entry(
        422,
        "Isyarat umur dari HP tidak dapat dibaca. `why` menyebut isiannya.",
        "The phone's age signal cannot be read. `why` names the field.",
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
    "ages.code-refused": Entry(
        400,
        "Tawaran kartu ini tidak berlaku, sudah diambil, atau angkanya salah.",
        "This offer of cards is over or taken, or the digits are wrong.",
    ),
    "ages.digits-missing": Entry(
        400,
        "Angka di halaman tawaran diperlukan, atau dikirim tanpa diminta.",
        "The digits beside the offer are needed, or were sent unasked.",
    ),
    "ages.card-token-refused": Entry(
        401,
        "Izin mengambil kartu ini tidak berlaku, atau sudah dipakai.",
        "The access token is over, or gave its batch already.",
    ),
    "ages.chain-refused": Entry(
        422,
        "Sertifikat ini tidak bisa dipasang. `why` menyebut sebabnya.",
        "The certificates cannot stand beside the key. `why` tells the reason.",
    ),
    "openid4vci.request-refused": Entry(
        400,
        "Permintaan kartu tidak bisa dibaca. `why` menyebut bagiannya.",
        "The credential request is none of this profile. `why` names the member.",
    ),
    "openid4vci.unknown-credential": Entry(
        400, "Kartu ini tidak diterbitkan di sini.", "This credential is not issued here."
    ),
    "openid4vci.proof-missing": Entry(
        400, "Bukti kunci tidak ada.", "The request has no proofs of the type `jwt`."
    ),
    "openid4vci.too-many-proofs": Entry(
        400, "Bukti kunci terlalu banyak. Paling banyak `most`.", "Too many proofs; `most` tells the most."
    ),
    "openid4vci.proof-refused": Entry(
        400,
        "Bukti kunci tidak bisa dipakai. `why` menyebut bagiannya.",
        "A proof cannot be used. `why` names the part.",
    ),
    "openid4vci.proof-stale": Entry(
        400, "Bukti kunci sudah lewat waktunya.", "A proof is too old, over, or from the future."
    ),
    "openid4vci.proof-for-another-issuer": Entry(
        400, "Bukti kunci untuk penerbit lain.", "A proof was made for another issuer."
    ),
    "openid4vci.key-twice": Entry(
        400, "Satu kunci dipakai untuk dua kartu.", "One key stands for two credentials of the batch."
    ),
    "openid4vci.nonce-refused": Entry(
        400,
        "Nonce bukan dari sini, sudah lewat, atau sudah dipakai.",
        "The nonce is not ours, is over, or was used.",
    ),
    "ages.verdict-refused": Entry(
        403, "Jawaban lembaga itu tidak dapat dipakai.", "The institution's answer cannot be used."
    ),
    "ages.contest-refused": Entry(
        422,
        "Permintaan atau jawaban ini belum lengkap. `why` menyebut apa yang kurang.",
        "This contest or answer is not complete. `why` names what is missing.",
    ),
    "ages.contest-over": Entry(
        409, "Permintaan ini sudah diputuskan atau dilupakan.", "This contest was decided or forgotten."
    ),
    "ages.contest-opened": Entry(
        409,
        "Petugas lain sudah membukanya, atau berkasnya sudah ditampilkan.",
        "Another officer has opened it, or the file was shown before.",
    ),
    "ages.too-many": Entry(
        429, "Terlalu banyak percobaan dari sini. Tunggu satu jam.", "Too many tries from here. Wait an hour."
    ),
    "ages.file-refused": Entry(
        422,
        "Berkas ini tidak bisa diterima. `why` menyebut sebabnya.",
        "This file is not taken. `why` says why.",
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
