"""Every error code that a person or a program can meet: its HTTP status and its sentence in both languages."""

from ruangaman.site.catalogue import Entry
from ruangaman.site.errors_of_ages import OF_AGES
from ruangaman.site.errors_of_audits import OF_AUDITS
from ruangaman.site.errors_of_badges import OF_BADGES
from ruangaman.site.errors_of_brief import OF_BRIEF
from ruangaman.site.errors_of_build import OF_BUILD
from ruangaman.site.errors_of_campaigns import OF_CAMPAIGNS
from ruangaman.site.errors_of_credentials import OF_CREDENTIALS
from ruangaman.site.errors_of_faces import OF_FACES
from ruangaman.site.errors_of_groups import OF_GROUPS
from ruangaman.site.errors_of_kla import OF_KLA
from ruangaman.site.errors_of_kolibri import OF_KOLIBRI
from ruangaman.site.errors_of_learning import OF_LEARNING
from ruangaman.site.errors_of_lesson_files import OF_LESSON_FILES
from ruangaman.site.errors_of_maps import OF_MAPS
from ruangaman.site.errors_of_oidc import OF_OIDC
from ruangaman.site.errors_of_osm import OF_OSM
from ruangaman.site.errors_of_packs import OF_PACKS
from ruangaman.site.errors_of_people import OF_PEOPLE
from ruangaman.site.errors_of_places import OF_PLACES
from ruangaman.site.errors_of_plans import OF_PLANS
from ruangaman.site.errors_of_reach import OF_REACH
from ruangaman.site.errors_of_reports import OF_REPORTS
from ruangaman.site.errors_of_siting import OF_SITING
from ruangaman.site.errors_of_walks import OF_WALKS

CATALOGUE: dict[str, Entry] = {
    **OF_PACKS,
    **OF_BRIEF,
    **OF_CREDENTIALS,
    **OF_AGES,
    **OF_BUILD,
    **OF_CAMPAIGNS,
    **OF_AUDITS,
    **OF_FACES,
    **OF_GROUPS,
    **OF_KLA,
    **OF_LEARNING,
    **OF_BADGES,
    **OF_LESSON_FILES,
    **OF_KOLIBRI,
    **OF_MAPS,
    **OF_OIDC,
    **OF_OSM,
    **OF_PEOPLE,
    **OF_PLACES,
    **OF_PLANS,
    **OF_REACH,
    **OF_REPORTS,
    **OF_SITING,
    **OF_WALKS,
    # the law's questions: `POST /v1/ask`, `ruangaman ask`
    "ask.age-too-high": Entry(
        422, "Umur melewati batas yang masuk akal.", "The age is beyond what is possible."
    ),
    "ask.bad-date": Entry(
        422, "Tanggal tidak ada atau bentuknya salah.", "The date does not exist or has the wrong form."
    ),
    "ask.bad-facts": Entry(422, "Fakta tidak dapat dibaca.", "The facts cannot be read."),
    "ask.birth-in-future": Entry(
        422, "Tanggal lahir masih di masa depan.", "The birth date lies in the future."
    ),
    "ask.blank": Entry(422, "Baris kosong tidak menanyakan apa pun.", "A blank line asks nothing."),
    "ask.byte-order-mark": Entry(
        422,
        "Di depan JSON ada tanda urutan byte (BOM). Kirim UTF-8 tanpa tanda itu.",
        "A byte order mark (BOM) stands before the JSON. Send UTF-8 without it.",
    ),
    "ask.columns": Entry(422, "Kolom-kolomnya tidak cocok.", "The columns do not fit together."),
    "ask.duplicate-key": Entry(422, "Satu kunci JSON muncul dua kali.", "A JSON key stands twice."),
    "ask.ended": Entry(
        422, "Izin berakhir sebelum saat yang ditanyakan.", "The consent ends before the time asked about."
    ),
    "ask.line-too-long": Entry(
        413, "Satu pertanyaan paling besar 64 KiB.", "One question is at most 64 KiB."
    ),
    "ask.lone-surrogate": Entry(
        422,
        "Setengah pasangan surrogate (misalnya \\ud800) bukan huruf. `field` menyebut tempatnya.",
        "Half of a surrogate pair (such as \\ud800) is no character. `field` says where.",
    ),
    "ask.missing-field": Entry(
        422,
        "Isian yang wajib tidak ada. `field` menyebutnya.",
        "A field that is needed is missing. `field` names it.",
    ),
    "ask.no-row": Entry(422, "Aturan ini belum ada pada hari itu.", "This rule does not exist on that day."),
    "ask.not-an-object": Entry(
        422, "Satu pertanyaan adalah satu objek JSON.", "One question is one JSON object."
    ),
    "ask.not-json": Entry(422, "Ini bukan JSON.", "This is not JSON."),
    "ask.not-utf8": Entry(422, "Byte-nya bukan UTF-8.", "The bytes are not UTF-8."),
    "ask.output-failed": Entry(
        500,
        "Jawaban tidak dapat ditulis; sebabnya tertulis di sini. Baris berikutnya tidak dijawab.",
        "The answers could not be written; the reason stands here. The lines that follow were not answered.",
    ),
    "ask.range-upside-down": Entry(
        422, "`at_least` lebih besar dari `at_most`.", "`at_least` is above `at_most`."
    ),
    "ask.too-deep": Entry(422, "Paling dalam 16 tingkat.", "At most 16 levels deep."),
    "ask.too-wide": Entry(422, "Terlalu banyak isian.", "Too many fields."),
    "ask.unknown-field": Entry(
        422, "Isian ini tidak dikenal. `field` menyebutnya.", "This field is not known. `field` names it."
    ),
    "ask.unknown-jurisdiction": Entry(
        422, "Belum ada paket hukum untuk negara ini.", "There is no law pack for this jurisdiction yet."
    ),
    "ask.unknown-question": Entry(
        422, "Pertanyaan ini tidak ada di paket hukum.", "The law pack has no such question."
    ),
    "ask.unknown-value": Entry(
        422,
        "Nilai ini tidak dikenal. `field` menyebut tempatnya.",
        "This value is not known. `field` says where.",
    ),
    "ask.wrong-type": Entry(
        422,
        "Jenis nilainya salah. `field` menyebut tempatnya.",
        "The value has the wrong type. `field` says where.",
    ),
    "ask.wrong-value": Entry(
        422,
        "Nilainya di luar batas. `field` menyebut tempatnya.",
        "The value is out of bounds. `field` says where.",
    ),
    # access: the platforms' door
    "ruangaman.internal": Entry(
        500,
        "Ada yang salah di pihak kami. Coba lagi sebentar lagi.",
        "Something went wrong on our side. Try again in a moment.",
    ),
    "access.key-missing": Entry(
        401,
        "Tidak ada kunci. Kirim tajuk `Authorization: Bearer ra_...`.",
        "No key came. Send the header `Authorization: Bearer ra_...`.",
    ),
    "access.key-refused": Entry(
        401,
        "Kunci tidak dikenal, sudah berakhir, atau sudah dicabut. Minta kunci baru.",
        "The key is unknown, has ended, or was revoked. Ask for a new one.",
    ),
    "access.keys-unavailable": Entry(
        503,
        "Kunci sedang tidak dapat diperiksa. Coba lagi sebentar lagi.",
        "Keys cannot be checked at the moment. Try again shortly.",
    ),
    "access.scope-missing": Entry(
        403,
        "Kunci ini tidak boleh melakukan itu. Pakai kunci dengan lingkup yang disebut di `scope`.",
        "This key may not do that. Use a key with the scope named in `scope`.",
    ),
    "access.too-many-calls": Entry(
        429,
        "Terlalu sering memanggil. Tunggu sebanyak detik di `Retry-After`.",
        "Too many calls. Wait the seconds given in `Retry-After`.",
    ),
    "access.body-too-large": Entry(
        413,
        "Isi terlalu besar: paling banyak 1 MiB dan 1.000 pertanyaan.",
        "The body is too large: at most 1 MiB and 1,000 questions.",
    ),
    "access.too-busy": Entry(
        503,
        "Terlalu banyak panggilan yang belum selesai. Coba lagi sebentar lagi.",
        "Too many calls are not finished yet. Try again in a moment.",
    ),
    "access.body-too-slow": Entry(
        408,
        "Isi terlalu lama di jalan: kirim seluruhnya dalam 10 detik.",
        "The body was too long on its way: send all of it within 10 seconds.",
    ),
    "access.body-unreadable": Entry(
        400,
        "Isi bukan JSON yang dapat dibaca.",
        "The body is not readable JSON.",
    ),
    "access.other-host": Entry(
        421,
        "Alamat ini dijawab di host lain milik rumah ini.",
        "This address is answered at another host of this house.",
    ),
    "access.host-refused": Entry(
        400,
        "Rumah ini tidak memakai nama host itu. Pakai alamat yang diberikan kepadamu.",
        "This house does not go by that host name. Use the address that you were given.",
    ),
    "access.not-json": Entry(
        415,
        "Isi harus JSON: kirim `Content-Type: application/json`.",
        "The body must be JSON: send `Content-Type: application/json`.",
    ),
    "access.encoding-refused": Entry(
        415,
        "Kami tidak membuka isi yang dimampatkan. Kirim tanpa `Content-Encoding`.",
        "We unpack no body. Send it without `Content-Encoding`.",
    ),
    "access.precondition-failed": Entry(
        412,
        "Syarat di `If-Match` atau `If-None-Match` tidak terpenuhi; tidak ada yang dilakukan.",
        "The condition in `If-Match` or `If-None-Match` does not hold; nothing was done.",
    ),
    "access.not-acceptable": Entry(
        406,
        "Kami hanya menjawab dengan JSON.",
        "We answer in JSON only.",
    ),
    "access.method-not-allowed": Entry(
        405,
        "Alamat ini tidak menerima metode itu. Lihat tajuk `Allow`.",
        "This address does not take that method. See the header `Allow`.",
    ),
    "access.field-refused": Entry(
        422,
        "Satu isian salah. `field` menyebut yang mana, `why` menyebut sebabnya.",
        "One field is wrong. `field` names it, `why` says what is wrong.",
    ),
    "access.question-refused": Entry(
        422,
        "Pertanyaan ini tidak dapat dijawab. `field` dan `message` menyebut sebabnya.",
        "This question cannot be answered. `field` and `message` say why.",
    ),
    "access.not-found": Entry(
        404,
        "Tidak ada yang seperti itu untuk kunci ini.",
        "There is no such thing for this key.",
    ),
    "access.service-unknown": Entry(
        404,
        "Tidak ada layanan dengan nama itu untuk kunci ini.",
        "There is no service of that name for this key.",
    ),
    "access.service-refused": Entry(
        422,
        "Keterangan layanan belum lengkap atau saling bertentangan. `why` menyebut isiannya.",
        "The description of the service is incomplete or contradicts itself. `why` names the field.",
    ),
    "access.return-unknown": Entry(
        422,
        "Alamat kembali ini belum didaftarkan untuk layanan ini.",
        "This address to return to is not registered for this service.",
    ),
    "access.country-unknown": Entry(
        422,
        "Belum ada paket hukum untuk negara ini.",
        "There is no law pack for this country yet.",
    ),
    "access.age-not-stronger": Entry(
        409,
        "Umur yang lebih muda sudah diketahui. Yang lebih tua perlu bukti lebih kuat; orangnya dapat menyanggah.",
        "A younger age is known already. An older one needs stronger evidence; the person may contest what is known.",
    ),
    "access.session-closed": Entry(
        409,
        "Akun ini sudah ditutup. Buat sesi baru bila anak mendaftar lagi.",
        "This account was closed. Make a new session when the child signs up again.",
    ),
    "access.guardian-asked-too-often": Entry(
        429,
        "Orang tua sudah cukup sering ditanya hari ini. Tunggu sebanyak detik di `Retry-After`.",
        "The guardian was asked often enough today. Wait the seconds given in `Retry-After`.",
    ),
    "access.idempotency-key-reused": Entry(
        422,
        "`Idempotency-Key` ini sudah dipakai untuk panggilan lain. Pakai yang baru.",
        "This `Idempotency-Key` was used for another call. Use a new one.",
    ),
    "access.idempotency-key-refused": Entry(
        400,
        "`Idempotency-Key` harus 1 sampai 255 huruf ASCII yang dapat dicetak.",
        "`Idempotency-Key` must be 1 to 255 printable ASCII characters.",
    ),
    "access.url-refused": Entry(
        422,
        "Alamat ini tidak boleh kami panggil. Pakai https ke alamat publik, port 443 atau 8443.",
        "We may not call this address. Use https to a public address, port 443 or 8443.",
    ),
    "access.too-many-endpoints": Entry(
        409,
        "Sudah ada sepuluh alamat. Hapus satu dulu.",
        "There are ten endpoints already. Remove one first.",
    ),
    "access.webhook-disabled": Entry(
        409,
        "Alamat ini dihentikan; `why` menyebut sebabnya. Perbaiki penerimanya, lalu putar rahasianya.",
        "This endpoint was stopped; `why` says why. Mend the receiver, then rotate its secret.",
    ),
    "access.tests-waiting": Entry(
        409,
        "Kejadian percobaan masih menunggu di alamat ini. Tunggu sampai terkirim.",
        "Test events still wait for this endpoint. Wait until they have left.",
    ),
    "access.secrets-overlap": Entry(
        409,
        "Dua rahasia masih berlaku. Tunggu `old_secret_until`, atau putar dengan `overlap_hours` 0.",
        "Two secrets still sign. Wait for `old_secret_until`, or rotate with `overlap_hours` 0.",
    ),
    "access.cursor-refused": Entry(
        400,
        "`after` dan `limit` harus bilangan bulat dalam batasnya.",
        "`after` and `limit` must be whole numbers within their bounds.",
    ),
    "access.sandbox-only": Entry(
        403,
        "Hanya kunci percobaan (`ra_test_`) yang boleh melakukan ini.",
        "Only a sandbox key (`ra_test_`) may do this.",
    ),
    "access.not-simulated": Entry(
        409,
        "Jawaban percobaan ini tidak cocok dengan keadaan permintaan.",
        "This simulated answer does not fit where the request stands.",
    ),
    "access.key-choice-refused": Entry(
        422,
        "Kunci tidak dapat dibuat begitu. `why` menyebut sebabnya.",
        "A key cannot be made like that. `why` says what is wrong.",
    ),
    "http.address-refused": Entry(
        422,
        "Alamat ini tidak boleh kami panggil.",
        "We may not call this address.",
    ),
    "http.call-failed": Entry(
        502,
        "Panggilan keluar tidak dijawab.",
        "A call to the outside was not answered.",
    ),
    # story: the made-up family
    "story.not-here": Entry(
        404,
        "Halaman cerita tidak ada di rumah ini. Rumah ini sungguhan.",
        "There is no story here. This house is a real one.",
    ),
    "story.not-empty": Entry(
        409,
        "Basis data ini berisi hal lain, bukan cerita. Pilih RUANGAMAN_DATA_DIR yang kosong.",
        "This database holds something else than a story. Choose an empty RUANGAMAN_DATA_DIR.",
    ),
    "story.examples-missing": Entry(
        500,
        "Program contoh tidak ada. Jalankan cerita dari salinan repositori.",
        "The example programs are not here. Run the story from a clone of the repository.",
    ),
    # families: consent, guardians, deletions, letters
    "consent.not-possible": Entry(
        409,
        "Langkah ini tidak mungkin dalam keadaan permintaan sekarang.",
        "This step is not possible in the request's present state.",
    ),
    "consent.lapsed": Entry(
        409,
        "Waktu untuk menjawab sudah lewat. Aplikasi tetap tertutup.",
        "The time to answer has passed. The app stays closed.",
    ),
    "consent.already-answered": Entry(
        409,
        "Permintaan ini sudah dijawab.",
        "This request has been answered.",
    ),
    "consent.nothing-to-withdraw": Entry(
        409,
        "Tidak ada izin yang bisa dicabut atau diatur.",
        "There is no living permission to withdraw or to set.",
    ),
    "families.not-found": Entry(
        404,
        "Yang dicari tidak ada.",
        "There is no such thing.",
    ),
    "families.link-expired": Entry(
        410,
        "Tautan ini sudah lewat waktunya. Minta yang baru.",
        "This link has expired. Ask for a new one.",
    ),
    "families.link-used": Entry(
        410,
        "Tautan ini sudah dipakai. Minta yang baru.",
        "This link has been used. Ask for a new one.",
    ),
    "families.too-many": Entry(
        429,
        "Terlalu banyak percobaan. Tunggu sebentar.",
        "Too many tries. Wait a little.",
    ),
    "families.request-refused": Entry(
        422,
        "Permintaan tidak dibuat: alamat, jenis, batas waktu, atau jumlahnya tidak bisa diterima.",
        "No request was made: its address, kind, due time or number cannot be accepted.",
    ),
    "families.nickname-refused": Entry(
        422,
        "Nama panggilan hanya huruf, spasi, tanda petik, tanda hubung, inisial, dan paling banyak dua angka.",
        "A nickname is letters, spaces, apostrophes, hyphens, initials and at most two digits.",
    ),
    "families.closed-by-law": Entry(
        409,
        "Aturan menutupnya. Izin orang tua tidak bisa membukanya.",
        "The law closes it. A parent's permission cannot open it.",
    ),
    "families.not-the-guardian": Entry(
        403,
        "Belum terbukti bahwa Anda orang tua atau wali anak ini.",
        "It is not proven that you are this child's parent or guardian.",
    ),
    "families.verdict-refused": Entry(
        403,
        "Pernyataan kantor itu tidak bisa dipakai. Minta lagi.",
        "The office's verdict cannot be used. Ask for it again.",
    ),
    "families.watch-needs-reason": Entry(
        422,
        "Pengawasan hanya menyala dengan alasan yang dibaca anak.",
        "A watch is turned on only with a reason that the child reads.",
    ),
    "families.deletion-refused": Entry(
        422,
        "Konfirmasi penghapusan belum lengkap atau tidak mungkin.",
        "The confirmation of the deletion is incomplete or impossible.",
    ),
    "families.still-held": Entry(
        409,
        "Keluarga ini belum bisa dilupakan: masih ada yang dipakai, atau yang harus dijawab atau dihapus dulu.",
        "This family cannot be forgotten yet: something is in use, or must be answered or deleted first.",
    ),
    "families.no-such-family": Entry(
        404,
        "Keluarga itu tidak ada, atau sudah dilupakan.",
        "There is no such family, or it was forgotten before.",
    ),
    "families.why-refused": Entry(
        422,
        "Tulis alasan 1 sampai 200 huruf, tanpa alamat, nomor, atau nama orang.",
        "Write a reason of 1 to 200 characters, without address, number or anybody's name.",
    ),
    "families.not-the-story": Entry(
        403,
        "Kotak surat hanya ada dalam cerita.",
        "The mailbox exists only in the story.",
    ),
    "families.passkey-refused": Entry(
        403,
        "Kunci layar tidak cocok. Coba lagi, atau pakai tautan surel.",
        "The passkey does not match. Try again, or use an e-mail link.",
    ),
    "families.passed-on": Entry(
        409,
        "Waktu menjawab sudah lewat. Petugas yang menjawab sekarang.",
        "The time to answer is over. An officer answers now.",
    ),
    "families.says-nothing": Entry(
        422,
        "Tulis satu kalimat, atau pilih satu.",
        "Write one sentence, or choose one.",
    ),
    "mail.failed": Entry(
        502,
        "Surel tidak bisa diserahkan ke server.",
        "The mail could not be handed to the server.",
    ),
    "message.failed": Entry(
        502,
        "Pesan tidak bisa diserahkan ke layanan pesan.",
        "The message could not be handed to the messenger.",
    ),
    "message.webhook-refused": Entry(
        403,
        "Panggilan ini tidak ditandatangani oleh layanan pesan.",
        "This call is not signed by the messenger.",
    ),
    # the ground: ledger, vault, start
    "ledger.broken": Entry(
        500,
        "Rantai buku besar tidak utuh lagi mulai entri ini. Hentikan sistem dan bandingkan dengan cadangan.",
        "The chain of the ledger is broken from this entry on. Stop the house and compare with a backup.",
    ),
    "ledger.entry-refused": Entry(
        500,
        "Entri ini tidak boleh masuk buku besar: hanya fakta umum dan pendek.",
        "This entry may not stand in the ledger: short public facts alone.",
    ),
    "ledger.no-transaction": Entry(
        500,
        "Catatan buku besar harus satu transaksi dengan perbuatannya.",
        "An entry belongs into the transaction of its act.",
    ),
    "ledger.unknown-entry": Entry(
        404, "Tidak ada entri dengan nomor ini.", "There is no entry with this number."
    ),
    "vault.forgotten": Entry(
        410,
        "Data ini sudah dihapus dan tidak bisa dibaca lagi oleh siapa pun.",
        "This was deleted; nobody can read it again.",
    ),
    "vault.too-large": Entry(
        413, "Data ini terlalu besar: paling banyak 64 KiB.", "This is too large: 64 KiB at most."
    ),
    "vault.seal-broken": Entry(
        500,
        "Segel data ini rusak: isinya berubah atau dipindahkan.",
        "The seal is broken: the data were changed or moved by hand.",
    ),
    "vault.master-key-missing": Entry(
        500,
        "Kunci induk tidak ada. Jalankan `ruangaman init`, atau isi RUANGAMAN_MASTER_KEY.",
        "The master key is missing. Run `ruangaman init`, or set RUANGAMAN_MASTER_KEY.",
    ),
    "vault.master-key-refused": Entry(
        500,
        "Kunci induk ini tidak bisa dipakai: harus 32 byte dalam base64, dan filenya hanya boleh dibaca pemiliknya.",
        "This master key cannot be used: 32 bytes in base64 are needed, and its file may be read by its owner alone.",
    ),
    "vault.master-key-unknown": Entry(
        500,
        "Data ini disegel dengan kunci induk yang tidak ada lagi. Kembalikan kunci itu di belakang yang sekarang.",
        "This was sealed with a master key that is gone. Put that key back, behind the current one.",
    ),
    "access.matter-answered": Entry(
        409,
        "Ini sudah dijawab. Jawaban hanya diberikan satu kali.",
        "This was answered already. An answer is given once.",
    ),
    "access.matter-closed": Entry(
        409,
        "Ini sudah tertutup: data keluarganya dilupakan, tidak ada lagi yang menunggu jawaban.",
        "This is closed: its family's data were forgotten, and nobody waits for an answer any more.",
    ),
    "access.answer-refused": Entry(
        422,
        "Jawaban belum lengkap: pilih keputusan, tulis alasannya, dan buka dulu isi suratnya.",
        "The answer is not complete: choose a decision, write why, and open the letter first.",
    ),
    "access.staff-mail-refused": Entry(422, "Alamat surelnya salah tulis.", "The mail address is misspelt."),
    "access.staff-name-refused": Entry(
        422,
        "Nama untuk masuk hanya boleh huruf, angka, dan @ . + - _, paling banyak 150.",
        "A name to sign in with has letters, digits and @ . + - _ only, at most 150.",
    ),
    "start.setting-refused": Entry(
        500,
        "Satu pengaturan tidak ada, tidak aman, atau salah tulis; namanya tertulis di sini.",
        "A setting is missing, unsafe or misspelt; it is named here.",
    ),
    "start.port-in-use": Entry(
        500,
        "Port ini sudah dipakai program lain. Hentikan program itu, atau pilih port lain.",
        "Another program already uses this port. Stop it, or choose another port.",
    ),
    "start.address-refused": Entry(500, "Alamat ini tidak bisa dipakai.", "This address cannot be used."),
    "start.not-migrated": Entry(
        500,
        "Basis data tidak terjangkau, atau lebih tua dari versi ini. Jalankan `ruangaman migrate`.",
        "The database is out of reach, or older than this version. Run `ruangaman migrate`.",
    ),
    "story.clock-refused": Entry(
        409,
        "Jam hanya bisa dimajukan, hanya dalam cerita, dan paling jauh enam puluh tahun.",
        "The clock only goes forward, only in the story, and sixty years at most.",
    ),
    # case files
    "case.malformed": Entry(
        500,
        "Berkas kasus tidak dapat dibaca; kasus dan sebabnya tertulis di sini.",
        "The case file cannot be read; the case and the reason are named here.",
    ),
    "case.unreadable": Entry(500, "Berkas kasus tidak ditemukan.", "The case file was not found."),
    "case.bad-vocabulary": Entry(
        500,
        "vocabulary.yaml dalam paket hukum tidak dapat dipakai; bagiannya tertulis di sini.",
        "The pack's vocabulary.yaml cannot be used; the entry is named here.",
    ),
    "case.unknown-word": Entry(
        500,
        "Kosakata paket tidak mengenal kata ini.",
        "The pack's vocabulary does not know this word.",
    ),
}
