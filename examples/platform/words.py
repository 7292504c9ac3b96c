"""Every sentence of the platform, Indonesian and English."""

SERVICES: dict[str, dict[str, tuple[str, str]]] = {
    "dongeng-kita": {
        "name": ("Dongeng Kita", "Dongeng Kita"),
        "line": ("Baca dan dengar cerita anak.", "Read and hear children's stories."),
        "kind": ("Dibuat untuk anak. Risiko rendah.", "Made for children. Low risk."),
        "inside": ("Cerita hari ini: Kancil dan Sungai", "Today's story: the mouse-deer and the river"),
        "write": ("Cerita kesukaanku", "My favourite story"),
        "wrote": ("Kesukaanmu", "Your favourites"),
    },
    "obrol": {
        "name": ("Obrol", "Obrol"),
        "line": ("Ngobrol dengan teman satu kelas.", "Chat with friends of your class."),
        "kind": ("Untuk umum. Risiko rendah.", "For everybody. Low risk."),
        "inside": ("Obrolan: Kelas 9B", "Chat: class 9B"),
        "write": ("Tulis pesan", "Write a message"),
        "wrote": ("Pesanmu", "Your messages"),
    },
    "ramai": {
        "name": ("Ramai", "Ramai"),
        "line": ("Bagikan foto dan cerita ke semua orang.", "Share pictures and stories with everybody."),
        "kind": ("Untuk umum. Risiko tinggi.", "For everybody. High risk."),
        "inside": ("Yang ramai hari ini", "What is on today"),
        "write": ("Bagikan sesuatu", "Share something"),
        "wrote": ("Kirimanmu", "Your posts"),
    },
}

FEATURES: dict[str, tuple[str, str]] = {
    "parental_supervision": ("Orang tua melihat lama pakai", "Parents see the time of use"),
    "block_and_report": ("Blokir dan lapor", "Block and report"),
    "direct_messages": ("Pesan pribadi", "Direct messages"),
    "stranger_contact": ("Kontak dari orang tak dikenal", "Contact from unknown people"),
    "groups": ("Grup", "Groups"),
    "night_notifications": ("Pemberitahuan malam", "Night notifications"),
    "profiling_recommender": ("Saran dari riwayatmu", "Suggestions from your history"),
    "personalised_ads": ("Iklan sesuai minat", "Targeted ads"),
    "precise_location": ("Lokasi tepat", "Precise location"),
    "public_profile": ("Profil terbuka", "Public profile"),
    "livestream": ("Siaran langsung", "Live streams"),
    "infinite_scroll": ("Gulir tanpa akhir", "Endless scroll"),
}

MANAGED: dict[str, tuple[str, str]] = {
    "child": ("kamu yang atur", "you decide"),
    "guardian": ("orang tuamu yang atur", "your parent decides"),
    "nobody": ("ditutup aturan", "closed by law"),
    "": ("tidak diatur aturan anak", "no rule for children sets it"),
}

WORDS: dict[str, tuple[str, str]] = {
    "house": ("Ramai & kawan-kawan", "Ramai & friends"),
    "house_line": (
        "Tiga aplikasi contoh. Pilih satu, lalu daftar.",
        "Three example apps. Choose one and sign up.",
    ),
    "example": ("Contoh. Semua nama dan data rekaan.", "Example. All names and data are made up."),
    "other": ("EN", "ID"),
    "other_long": ("In English", "Dalam bahasa Indonesia"),
    "all": ("Semua aplikasi", "All apps"),
    "sign_up": ("Daftar di {service}", "Sign up at {service}"),
    "as_cast": ("Masuk cerita sebagai", "Enter the story as"),
    "cast": ("{name}, {years} tahun", "{name}, {years}"),
    "as_self": ("Atau isi sendiri", "Or fill in yourself"),
    "nickname": ("Nama panggilan", "Nickname"),
    "age": ("Umur (tahun)", "Age (years)"),
    "guardian_mail": ("Email orang tua (boleh kosong)", "Parent's e-mail (may stay empty)"),
    "own_yes": (
        "Aku setuju sendiri, kalau umurku sudah boleh. Orang tuaku diberi tahu dan mengonfirmasi.",
        "I agree myself, if I am old enough for that. My parent is told and confirms.",
    ),
    "friend": ("Teman", "Friend"),
    "join": ("Daftar", "Sign up"),
    "wrong_age": ("Tulis umur dengan angka, 0 sampai 120.", "Write the age as a number, 0 to 120."),
    "wrong_name": (
        "Pakai nama panggilan: huruf, paling banyak dua angka. Namanya tertulis di surat untuk orang tuamu.",
        "Use a nickname: letters, two digits at most. It stands in the letter to your parent.",
    ),
    "wrong_mail": ("Alamat email itu tidak lengkap.", "That e-mail address is not complete."),
    "hello": ("Hai, {name}!", "Hi, {name}!"),
    "open": ("Terbuka", "Open"),
    "waiting": ("Menunggu", "Waiting"),
    "closed": ("Tertutup", "Closed"),
    "law": ("Aturannya", "The rule"),
    "until": ("Jawaban ini berlaku sampai {when}.", "This answer holds until {when}."),
    "ask_parent": ("Minta izin orang tua", "Ask your parent"),
    "ask_confirm": ("Minta konfirmasi orang tua", "Ask your parent to confirm"),
    "ask_how": (
        "Tunjukkan QR ini, sebutkan kodenya, atau kirim tautannya. Kode saja tidak membuka apa pun.",
        "Show this QR, say the code, or send the link. The code alone opens nothing.",
    ),
    "qr": ("QR ke halaman permintaanmu", "QR to your request's page"),
    "link": ("Halaman permintaanmu", "Your request's page"),
    "code": ("Kode pendek", "Short code"),
    "no_code": (
        "Kodenya sudah lewat waktunya. Buka halaman permintaanmu.",
        "The code has run out. Open your request's page.",
    ),
    "tile": ("Gambar tegel dan kodenya", "Tile and its code"),
    "due": (
        "Dijawab sebelum {when}. Kalau lewat, tetap tertutup.",
        "To be answered before {when}. Else it stays closed.",
    ),
    "no_due": (
        "Tidak ada batas waktu yang pasti. Selama belum dijawab, tetap tertutup.",
        "There is no certain time limit. Until answered it stays closed.",
    ),
    "ask_again": ("Minta izin lagi", "Ask again"),
    "ask": ("Minta izin", "Ask for permission"),
    "may_ask": (
        "Sekarang orang tuamu boleh ditanya. Alamat emailnya boleh kosong: kamu dapat QR dan kode.",
        "A parent can be asked now. The e-mail address may stay empty: you get a QR and a code.",
    ),
    "ask_other": (
        "Penerimanya bilang: ini bukan anaknya. Periksa alamatnya, lalu minta lagi.",
        "Whoever got it says: this is not their child. Check the address, then ask again.",
    ),
    "ask_other_how": (
        "Pakai alamat lain. Boleh juga kosong: kamu dapat QR dan kode untuk orang tuamu.",
        "Use another address. It may also stay empty: you get a QR and a code for your parent.",
    ),
    "prove_age": ("Tunjukkan umurmu", "Show your age"),
    "prove_age_over": ("Buktikan: sudah {years} tahun", "Prove it: {years} or over"),
    "prove_how": (
        "Umur yang ditulis sendiri belum cukup di sini. Pilih satu cara. Bedanya: siapa tahu apa.",
        "An age you typed is not enough here. Choose one way. What differs: who learns what.",
    ),
    "age_range": (
        "Pilih dulu rentang umurmu di sana. Mungkin tidak perlu bukti.",
        "First choose your range of ages there. Perhaps no proof is needed.",
    ),
    "features": ("Isi aplikasi", "Inside the app"),
    "on": ("terbuka", "open"),
    "off": ("tertutup", "closed"),
    "keep": ("Simpan", "Keep"),
    "child_page": ("Halamanku di Ruang Aman", "My page at Ruang Aman"),
    "close": ("Tutup akun", "Close the account"),
    "switch": ("Ganti orang", "Switch person"),
    "developer": ("Untuk pengembang", "For developers"),
    "hooks": ("Webhook yang datang", "Webhooks received"),
    "none_yet": ("Belum ada.", "None yet."),
    "answer": ("Jawaban API", "The API's answer"),
    "gone": (
        "Datamu di {service} sudah dihapus.",
        "Your data at {service} have been deleted.",
    ),
    "account_closed": (
        "Akunmu ditutup. Datamu akan dihapus.",
        "Your account is closed. Your data will be deleted.",
    ),
    "forgotten": (
        "Akun ini sudah lama tidak dipakai, dan datanya dilupakan. Daftar lagi kalau masih mau.",
        "This account was long unused, and its data were forgotten. Sign up again if you still want to.",
    ),
    "sign_up_again": ("Daftar lagi", "Sign up again"),
    "down_title": ("Ruang Aman tidak menjawab", "Ruang Aman does not answer"),
    "down": (
        "Kami tidak bisa bertanya sekarang. Tidak ada yang berubah, dan yang tertutup tetap tertutup. Coba lagi nanti.",
        "We cannot ask just now. Nothing changed, and what is closed stays closed. Try again later.",
    ),
    "refused_title": ("Ruang Aman menolak pertanyaan ini", "Ruang Aman refused this question"),
    "refused_by": ("Kode kesalahan: {code}. {detail}", "Error code: {code}. {detail}"),
    "try_again": ("Coba lagi", "Try again"),
    "missing": ("Halaman ini tidak ada.", "There is no such page."),
    "elsewhere": (
        "Kiriman ini datang dari situs lain. Tidak ada yang berubah.",
        "This came from another site.",
    ),
    "desk": ("Meja petugas data", "Data officer's desk"),
    "desk_line": (
        "Tugas hapus dari Ruang Aman. Petugas melihat kode acak, bukan nama.",
        "Deletion tasks from Ruang Aman. The officer sees a random code, no name.",
    ),
    "desk_empty": ("Tidak ada tugas hapus.", "There is no deletion task."),
    "service": ("Aplikasi", "App"),
    "subject": ("Kode anak", "Child's code"),
    "reason": ("Sebab", "Reason"),
    "due_col": ("Batas", "Due"),
    "act": ("Tindakan", "Act"),
    "delete": ("Hapus data dan lapor", "Delete the data and report"),
    "done": ("Dihapus dan dilaporkan: {count} baris.", "Deleted and reported. Rows: {count}."),
    "due_unknown": ("aturan tidak memberi angka", "the law gives no number"),
    "because_refused": ("izin tidak diberikan", "permission was not given"),
    "because_withdrawn": ("izin dicabut", "permission was withdrawn"),
    "because_closed": ("akun ditutup", "account was closed"),
}


def say(language: str, word: str, **values: object) -> str:
    """One sentence in the reader's language."""
    return WORDS[word][language == "en"].format(**values)


def of_service(language: str, service: str, word: str) -> str:
    """One sentence of one service."""
    return SERVICES[service][word][language == "en"]


def pair(language: str, words: tuple[str, str]) -> str:
    """The reader's half of a pair."""
    return words[language == "en"]
