"""Refusals of CBOR, COSE, X.509 chains, mobile documents and zero-knowledge proofs of them."""

from ruangaman.site.catalogue import Entry

OF_MDOCS: dict[str, Entry] = {
    "cbor.key-refused": Entry(
        400, "Satu kunci CBOR berulang atau tidak sah.", "A CBOR key is repeated or not allowed."
    ),
    "cbor.malformed": Entry(400, "Isi CBOR ini rusak.", "This CBOR is malformed."),
    "cbor.refused": Entry(400, "Isi CBOR ini ditolak.", "This CBOR is refused."),
    "cbor.shape-refused": Entry(400, "Jenis isi CBOR ini salah.", "This CBOR is of the wrong type."),
    "cbor.tag-refused": Entry(
        400, "Tanda CBOR ini tidak dipakai di sini.", "This CBOR tag is not used here."
    ),
    "cbor.too-deep": Entry(400, "Isi CBOR ini bersusun terlalu dalam.", "This CBOR is nested too deep."),
    "cbor.too-large": Entry(413, "Isi CBOR ini terlalu besar.", "This CBOR is too large."),
    "cbor.too-many-items": Entry(400, "Isi CBOR ini terlalu banyak.", "This CBOR has too many items."),
    "cbor.trailing-bytes": Entry(400, "Ada sisa sesudah isi CBOR.", "Bytes stand after the CBOR."),
    "cose.algorithm-refused": Entry(
        400, "Cara menandatangani ini tidak diterima.", "This way of signing is not accepted."
    ),
    "cose.chain-malformed": Entry(
        400,
        "Sertifikat penanda tangan tidak ada atau rusak.",
        "The signer's certificate is missing or malformed.",
    ),
    "cose.key-refused": Entry(
        400, "Kunci publik ini tidak dapat dipakai.", "This public key cannot be used."
    ),
    "cose.malformed": Entry(400, "Pesan bertanda tangan ini rusak.", "This signed message is malformed."),
    "cose.payload-missing": Entry(
        400, "Isi yang ditandatangani tidak ada di tempatnya.", "What was signed is not in its place."
    ),
    "cose.refused": Entry(400, "Pesan bertanda tangan ini ditolak.", "This signed message is refused."),
    "cose.signature-wrong": Entry(
        400, "Tanda tangan pesan ini salah.", "The signature of this message is wrong."
    ),
    "longfellow.busy": Entry(
        503,
        "Pemeriksa bukti sedang sibuk; coba lagi sebentar.",
        "The checker of proofs is busy; try again in a moment.",
    ),
    "longfellow.circuit-unknown": Entry(
        400, "Sirkuit bukti ini tidak ada di daftar kita.", "The circuit of this proof is not on our list."
    ),
    "longfellow.malformed": Entry(
        400, "Bukti tanpa pengetahuan ini rusak.", "This zero-knowledge proof is malformed."
    ),
    "longfellow.not-asked": Entry(
        400,
        "Bukti ini bukan tentang umur yang ditanyakan.",
        "This proof is not about the age that was asked.",
    ),
    "longfellow.off": Entry(
        501,
        "Bukti tanpa pengetahuan tidak dinyalakan di sini.",
        "Zero-knowledge proofs are not switched on here.",
    ),
    "longfellow.out-of-time": Entry(
        400, "Waktu bukti ini terlalu jauh dari waktu kita.", "The time of this proof is too far from ours."
    ),
    "longfellow.refused": Entry(
        400, "Bukti tanpa pengetahuan ini ditolak.", "This zero-knowledge proof is refused."
    ),
    "longfellow.took-too-long": Entry(
        503,
        "Pemeriksaan bukti terlalu lama dan dihentikan.",
        "The check of the proof took too long and was stopped.",
    ),
    "longfellow.wrong": Entry(
        400, "Bukti tanpa pengetahuan ini tidak benar.", "This zero-knowledge proof does not hold."
    ),
    "mdoc.age-contradicts": Entry(
        400,
        "Isian umur dalam dokumen ini saling bertentangan.",
        "The age elements of this document contradict each other.",
    ),
    "mdoc.age-malformed": Entry(
        400, "Isian umur bukan ya atau tidak.", "An age element is neither true nor false."
    ),
    "mdoc.device-auth-missing": Entry(
        400,
        "Ponsel tidak membuktikan bahwa dokumen ini miliknya.",
        "The phone did not prove that the document is its own.",
    ),
    "mdoc.device-auth-wrong": Entry(
        400, "Bukti dari ponsel bukan untuk sesi ini.", "The phone's proof is not for this session."
    ),
    "mdoc.digest-algorithm-refused": Entry(
        400, "Cara meringkas isian ini tidak diterima.", "This way of digesting elements is not accepted."
    ),
    "mdoc.digest-wrong": Entry(
        400,
        "Satu isian bukan yang ditandatangani penerbit.",
        "An element is not the one that the issuer signed.",
    ),
    "mdoc.doc-type-differs": Entry(
        400,
        "Jenis dokumen tidak sama dengan yang ditandatangani penerbit.",
        "The document's kind is not the one that the issuer signed.",
    ),
    "mdoc.doc-type-malformed": Entry(
        400,
        "Nama jenis dokumen memuat spasi atau tanda lain.",
        "The document's kind has a blank or another odd character in its name.",
    ),
    "mdoc.doc-type-not-asked": Entry(
        400, "Bukan jenis dokumen yang diminta.", "This is not the kind of document that was asked for."
    ),
    "mdoc.expired": Entry(400, "Masa berlaku dokumen ini sudah habis.", "This document has expired."),
    "mdoc.malformed": Entry(400, "Dokumen digital ini rusak.", "This mobile document is malformed."),
    "mdoc.not-yet-valid": Entry(400, "Dokumen ini belum berlaku.", "This document is not valid yet."),
    "mdoc.one-document": Entry(
        400,
        "Jawaban dompet harus memuat tepat satu dokumen.",
        "The wallet's answer must hold exactly one document.",
    ),
    "mdoc.outside-profile": Entry(
        400,
        "Dokumen ini di luar yang diizinkan profil Eropa.",
        "This document is outside what the European profile allows.",
    ),
    "mdoc.reader-key-missing": Entry(
        400, "Bukti dari ponsel tidak dapat diperiksa di sini.", "The phone's proof cannot be checked here."
    ),
    "mdoc.refused": Entry(400, "Dokumen digital ini ditolak.", "This mobile document is refused."),
    "mdoc.signed-out-of-time": Entry(
        400,
        "Dokumen ini ditandatangani di luar masa sertifikat penerbitnya.",
        "This document was signed outside the time of its signer's certificate.",
    ),
    "mdoc.status-unknown": Entry(
        400, "Keadaan dokumen ini tidak dapat diperiksa.", "The state of this document cannot be looked up."
    ),
    "x509.issuer-unknown": Entry(
        400, "Penerbit ini tidak ada di daftar kepercayaan.", "This issuer is not on the list of trust."
    ),
    "x509.malformed": Entry(
        400,
        "Sertifikat ini rusak atau kuncinya terlalu lemah.",
        "This certificate is malformed or its key is too weak.",
    ),
    "x509.not-for-this": Entry(
        400,
        "Penerbit ini tidak dipercaya untuk bukti semacam ini.",
        "This issuer is not trusted for this kind of proof.",
    ),
    "x509.out-of-time": Entry(
        400,
        "Sertifikat penerbit belum atau tidak berlaku lagi.",
        "The issuer's certificate is not valid yet or any more.",
    ),
    "x509.refused": Entry(400, "Sertifikat ini ditolak.", "This certificate is refused."),
    "x509.signature-wrong": Entry(
        400,
        "Sertifikat ini tidak ditandatangani oleh penerbitnya.",
        "This certificate was not signed by its issuer.",
    ),
    "x509.too-large": Entry(
        413,
        "Rantai sertifikat ini terlalu panjang atau terlalu besar.",
        "This chain of certificates is too long or too large.",
    ),
    "x509.trust-list": Entry(
        500,
        "Satu isian daftar kepercayaan tidak dapat dibaca.",
        "An entry of the list of trust cannot be read.",
    ),
    "x509.wrong-use": Entry(
        400, "Sertifikat ini bukan untuk keperluan ini.", "This certificate is not meant for this use."
    ),
}
