"""Refusals of age tokens: `core/credentials/blind_rsa.py`, `tokens.py` and their kin."""

from ruangaman.site.catalogue import Entry

OF_TOKENS: dict[str, Entry] = {
    "token.assurance": Entry(
        400, "Kata untuk kekuatan bukti ini tidak dikenal.", "This word of assurance is not known."
    ),
    "token.assurance-not-met": Entry(
        401,
        "Bukti umur ini lebih lemah daripada yang diminta.",
        "The age proof is weaker than what was asked for.",
    ),
    "token.blind-signature": Entry(
        400,
        "Jawaban penerbit tidak menghasilkan tanda tangan yang sah; token ini jangan dipakai.",
        "The issuer's answer gives no valid signature; do not use this token.",
    ),
    "token.blinded-message": Entry(
        422,
        "Pesan tersamar untuk ditandatangani di luar batas; buat permintaan baru.",
        "The blinded message to be signed is out of range; make a new request.",
    ),
    "token.blinding": Entry(
        500,
        "Pesan ini tidak dapat disamarkan; ulangi dengan angka acak yang baru.",
        "This message cannot be blinded; try again with fresh randomness.",
    ),
    "token.challenge": Entry(
        400, "Tantangan token ini tidak dapat dibaca.", "This token challenge cannot be read."
    ),
    "token.challenge-unknown": Entry(
        401,
        "Token ini bukan jawaban atas tantangan di sesi ini.",
        "The token answers no challenge of this session.",
    ),
    "token.claim": Entry(
        400,
        "Ini bukan pernyataan umur: tulis age_over_N atau age_under_N.",
        "This is no age claim: write age_over_N or age_under_N.",
    ),
    "token.claim-not-met": Entry(
        401,
        "Token ini menyatakan hal lain daripada yang diminta.",
        "The token states something else than what was asked for.",
    ),
    "token.directory": Entry(
        502,
        "Daftar kunci penerbit ini terlalu besar atau salah bentuk.",
        "This issuer directory is too large or has the wrong form.",
    ),
    "token.encoding": Entry(
        400,
        "Tulis byte sebagai base64url lengkap dengan tanda `=` di akhir.",
        "Write bytes as base64url with its padding.",
    ),
    "token.header": Entry(
        400,
        "Kepala HTTP PrivateToken ini tidak dapat dibaca.",
        "This PrivateToken header cannot be read.",
    ),
    "token.key": Entry(
        500,
        "Angka-angka kunci RSA ini tidak cocok atau ukurannya tidak dipakai.",
        "The numbers of this RSA key do not belong together, or its size is not used.",
    ),
    "token.key-byte-not-found": Entry(
        500,
        "Tidak ditemukan kunci dengan byte akhir yang masih bebas.",
        "No key with a free last byte was found.",
    ),
    "token.key-byte-taken": Entry(
        500,
        "Dua kunci aktif berakhir dengan byte yang sama.",
        "Two live keys end in the same byte.",
    ),
    "token.key-ended": Entry(
        401,
        "Masa kunci token ini sudah lewat; ambil token baru.",
        "The time of this token's key is over; fetch a new token.",
    ),
    "token.key-not-yet-valid": Entry(
        401, "Masa kunci token ini belum mulai.", "The time of this token's key has not begun."
    ),
    "token.key-unknown": Entry(
        422,
        "Kunci token ini tidak dikenal; muat ulang daftar kunci.",
        "The key of this token is not known; fetch the directory again.",
    ),
    "token.length": Entry(401, "Panjang token harus tepat 354 byte.", "A token has exactly 354 bytes."),
    "token.request": Entry(
        422, "Panjang permintaan token harus tepat 259 byte.", "A token request has exactly 259 bytes."
    ),
    "token.response": Entry(
        502, "Panjang jawaban penerbit harus tepat 256 byte.", "A token response has exactly 256 bytes."
    ),
    "token.signature": Entry(
        401, "Tanda tangan token ini tidak sah.", "The signature of this token is not valid."
    ),
    "token.signature-too-large": Entry(
        401,
        "Tanda tangan token ini di luar batas kuncinya.",
        "The signature of this token is out of its key's range.",
    ),
    "token.signing-fault": Entry(
        500,
        "Penandatanganan gagal dan hasilnya dimusnahkan; periksa mesin ini sebelum menandatangani lagi.",
        "Signing failed and its result was destroyed; examine this machine before it signs again.",
    ),
    "token.spent": Entry(401, "Token ini sudah dipakai.", "This token was spent before."),
    "token.token-key": Entry(
        400,
        "Kunci publik ini tidak berbentuk RSASSA-PSS 2048 bit.",
        "This public key does not have the RSASSA-PSS form with 2048 bits.",
    ),
    "token.two-thresholds": Entry(
        400,
        "Satu sesi hanya boleh menanyakan satu batas umur.",
        "One session may ask for one age threshold only.",
    ),
    "token.type": Entry(422, "Jenis token ini tidak dilayani.", "This token type is not served."),
}
