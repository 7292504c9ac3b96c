"""Refusals of SD-JWT, JOSE, DCQL and OpenID4VP."""

from ruangaman.site.catalogue import Entry

OF_JOSE: dict[str, Entry] = {
    "jose.algorithm-refused": Entry(
        400,
        "Algoritma di kepala token tidak diizinkan di sini.",
        "The algorithm in the token's header is not allowed here.",
    ),
    "jose.critical-unknown": Entry(
        400,
        "Token menuntut perluasan yang tidak dikenal.",
        "The token demands an extension that is not known.",
    ),
    "jose.duplicate-key": Entry(
        400, "Satu nama muncul dua kali dalam JSON token.", "A name stands twice in the token's JSON."
    ),
    "jose.encryption-refused": Entry(
        400,
        "Jawaban dienkripsi dengan cara yang tidak diminta.",
        "The answer is encrypted in a way that was not asked for.",
    ),
    "jose.key-refused": Entry(
        400,
        "Kuncinya tidak dapat dibaca, atau tidak cocok untuk dipakai di sini.",
        "The key cannot be read, or does not fit its use here.",
    ),
    "jose.not-base64url": Entry(
        400, "Ini bukan base64url tanpa padding.", "This is no base64url without padding."
    ),
    "jose.not-compact": Entry(
        400, "Bentuk ringkas tokennya tidak lengkap.", "The token is not in its whole compact form."
    ),
    "jose.not-decrypted": Entry(
        400,
        "Jawaban tidak terbuka dengan kunci permintaan ini.",
        "The answer does not open with the key of this request.",
    ),
    "jose.not-json": Entry(400, "Isi token bukan JSON yang sah.", "The token holds no valid JSON."),
    "jose.signature-wrong": Entry(
        400,
        "Tanda tangannya tidak cocok dengan isi dan kunci.",
        "The signature does not fit the content and the key.",
    ),
    "jose.too-deep": Entry(400, "JSON token terlalu dalam.", "The token's JSON is nested too deep."),
    "jose.too-large": Entry(413, "Token terlalu besar.", "The token is too large."),
    "jose.wrong-type": Entry(
        400, "Ini token jenis lain (`typ`).", "This is a token of another type (`typ`)."
    ),
}

OF_SD_JWTS: dict[str, Entry] = {
    "sd-jwt.bad-certificates": Entry(
        400, "Sertifikat di `x5c` tidak dapat dibaca.", "The certificates in `x5c` cannot be read."
    ),
    "sd-jwt.bad-disclosure": Entry(
        400, "Bentuk satu bagian yang dibuka salah.", "A disclosure has the wrong form."
    ),
    "sd-jwt.batch-refused": Entry(
        400,
        "Kirim beberapa kunci yang semuanya berbeda, tidak melebihi batas.",
        "Send a few keys, all different, within the limit.",
    ),
    "sd-jwt.claim-hidden": Entry(
        400,
        "Klaim penentu keabsahan tidak boleh disembunyikan.",
        "A claim that decides about validity must not be hidden.",
    ),
    "sd-jwt.claim-malformed": Entry(
        400,
        "Satu klaim hilang atau salah bentuk. `claim` menyebutnya.",
        "A claim is missing or has the wrong form. `claim` names it.",
    ),
    "sd-jwt.digest-repeated": Entry(
        400, "Satu sidik muncul dua kali dalam bukti ini.", "A digest stands twice in this proof."
    ),
    "sd-jwt.disclosure-unreferenced": Entry(
        400,
        "Ada bagian terbuka yang tidak ditandatangani penerbit.",
        "A disclosure came that the issuer never signed.",
    ),
    "sd-jwt.expired": Entry(
        400, "Bukti ini sudah kedaluwarsa. Ambil yang baru.", "This proof has expired. Fetch a new one."
    ),
    "sd-jwt.hash-refused": Entry(
        400, "Fungsi hash bukti ini tidak diterima.", "The hash function of this proof is not taken."
    ),
    "sd-jwt.holder-key-missing": Entry(
        400, "Bukti ini tidak terikat pada kunci pemegang.", "This proof is bound to no key of its holder."
    ),
    "sd-jwt.issued-in-future": Entry(
        400,
        "Bukti ini bertanggal masa depan. Periksa jam perangkat.",
        "This proof is dated in the future. Check the clock of the device.",
    ),
    "sd-jwt.key-binding-missing": Entry(
        400,
        "Dompet tidak membuktikan bahwa kuncinya ada padanya.",
        "The wallet did not prove that it has the key.",
    ),
    "sd-jwt.key-binding-stale": Entry(
        400,
        "Bukti dompet dibuat terlalu lama sebelum ini, atau jamnya salah. Ulangi.",
        "The wallet's proof was made too long ago, or its clock is wrong. Try again.",
    ),
    "sd-jwt.malformed": Entry(400, "Ini bukan SD-JWT.", "This is no SD-JWT."),
    "sd-jwt.name-reserved": Entry(
        400, "Satu klaim memakai nama milik format.", "A claim uses a name that belongs to the format."
    ),
    "sd-jwt.name-taken": Entry(
        400,
        "Bagian yang dibuka menimpa klaim yang sudah ada.",
        "A disclosure would replace a claim that is already there.",
    ),
    "sd-jwt.not-yet-valid": Entry(400, "Bukti ini belum berlaku.", "This proof is not valid yet."),
    "sd-jwt.wrong-audience": Entry(
        400, "Bukti ini dibuat untuk pihak lain.", "This proof was made for somebody else."
    ),
    "sd-jwt.wrong-nonce": Entry(
        400, "Bukti ini menjawab permintaan lain.", "This proof answers another request."
    ),
    "sd-jwt.wrong-sd-hash": Entry(
        400,
        "Bukti dompet dibuat atas bagian terbuka yang lain.",
        "The wallet's proof was made over other disclosures.",
    ),
    "sd-jwt.wrong-vct": Entry(
        400, "Jenis bukti ini bukan yang diminta.", "This proof is not of the type that was asked for."
    ),
}

OF_OPENID4VP: dict[str, Entry] = {
    "openid4vp.answer-incomplete": Entry(
        400, "Klaim yang diminta tidak lengkap.", "The claims that were asked for are not all there."
    ),
    "openid4vp.answer-malformed": Entry(
        400,
        "Jawaban dompet salah bentuk. `field` menyebut tempatnya.",
        "The wallet's answer has the wrong form. `field` names where.",
    ),
    "openid4vp.answer-missing": Entry(
        400, "Bukti yang diminta tidak ada dalam jawaban.", "A proof that was asked for is not in the answer."
    ),
    "openid4vp.answer-not-bound": Entry(
        400,
        "Bukti datang tanpa pembuktian kunci pemegangnya.",
        "A proof came without proof of its holder's key.",
    ),
    "openid4vp.answer-not-encrypted": Entry(
        400, "Jawaban harus dienkripsi.", "The answer has to be encrypted."
    ),
    "openid4vp.answer-of-other-kind": Entry(
        400, "Bukti yang datang jenisnya lain.", "A proof of another kind came."
    ),
    "openid4vp.answer-repeated": Entry(
        400, "Diminta satu bukti, datang beberapa.", "One proof was asked for, and several came."
    ),
    "openid4vp.answer-too-much": Entry(
        400,
        "Dompet membuka lebih dari yang diminta; jawabannya tidak dipakai.",
        "The wallet disclosed more than was asked for; its answer is not used.",
    ),
    "openid4vp.answer-unasked": Entry(
        400, "Datang bukti yang tidak diminta.", "A proof came that nobody asked for."
    ),
    "openid4vp.answer-value-other": Entry(
        400, "Nilai klaim bukan yang diminta.", "A claim has another value than the one asked for."
    ),
    "openid4vp.client-id-refused": Entry(
        400, "`client_id` ini tidak diterima.", "This `client_id` is not accepted."
    ),
    "openid4vp.format-unsupported": Entry(
        400, "Format bukti ini tidak diperiksa di sini.", "Proofs in this format are not verified here."
    ),
    "openid4vp.metadata-malformed": Entry(
        400,
        "`client_metadata` salah bentuk. `field` menyebut tempatnya.",
        "`client_metadata` has the wrong form. `field` names where.",
    ),
    "openid4vp.mode-unsupported": Entry(
        400,
        "Jenis atau cara menjawab ini tidak didukung. `field` menyebutnya.",
        "This type or mode of response is not supported. `field` names it.",
    ),
    "openid4vp.query-doctype-blank": Entry(
        400,
        "Ada spasi di tepi docType atau namespace, jadi yang disebut dokumen lain.",
        "A docType or namespace has a blank at its edge, and so names another document.",
    ),
    "openid4vp.query-doctype-no-string": Entry(
        400,
        "`doctype_value` harus satu teks, bukan daftar.",
        "`doctype_value` must be one string, not a list.",
    ),
    "openid4vp.query-id-repeated": Entry(
        400, "Satu `id` atau jalur diminta dua kali.", "An `id` or a path is asked for twice."
    ),
    "openid4vp.query-malformed": Entry(
        400,
        "Pertanyaan DCQL salah bentuk. `field` menyebut tempatnya.",
        "The DCQL query has the wrong form. `field` names where.",
    ),
    "openid4vp.query-reference-unknown": Entry(
        400,
        "Satu himpunan menyebut `id` yang tidak ada.",
        "A set names an `id` that does not exist.",
    ),
    "openid4vp.query-too-large": Entry(
        413, "Pertanyaan DCQL terlalu panjang.", "The DCQL query is too long."
    ),
    "openid4vp.request-contradicts": Entry(
        400,
        "Isi permintaan saling bertentangan. `field` menyebut satu.",
        "Parts of the request contradict each other. `field` names one.",
    ),
    "openid4vp.request-malformed": Entry(
        400,
        "Permintaan salah bentuk. `field` menyebut tempatnya.",
        "The request has the wrong form. `field` names where.",
    ),
    "openid4vp.wallet-refused": Entry(
        400,
        "Dompet tidak memberi bukti. Coba lagi, atau pilih cara lain.",
        "The wallet gave no proof. Try again, or choose another way.",
    ),
}

OF_PRESENTATIONS: dict[str, Entry] = OF_JOSE | OF_SD_JWTS | OF_OPENID4VP
