"""Refusals of badges for adults, and of statements of what was learned."""

from ruangaman.site.catalogue import Entry

OF_BADGES: dict[str, Entry] = {
    "learning.badge-not-for-children": Entry(
        403,
        "Lencana hanya untuk orang dewasa. Tentang belajarnya anak tidak ada yang ditandatangani.",
        "Badges are for adults alone. Nothing is signed about a child's learning.",
    ),
    "learning.badge-not-earned": Entry(
        409,
        "Jawaban sejauh ini belum cukup untuk lencana.",
        "The answers so far are not enough for a badge.",
    ),
    "learning.badge-subject-refused": Entry(
        422,
        "Lencana hanya dibuat untuk did:key. Jangan tulis nama, surel, atau nomor.",
        "A badge is made out to a did:key alone. Write no name, mail or number.",
    ),
    "learning.badges-busy": Entry(
        429,
        "Hari ini sudah terlalu banyak lencana dibuat. Coba lagi besok.",
        "Too many badges were made today. Try again tomorrow.",
    ),
    "learning.badge-not-ours": Entry(
        422,
        "Ini bukan lencana dari rumah ini.",
        "This is not a badge of this house.",
    ),
    "learning.statement-refused": Entry(
        422,
        "Pernyataan ini tidak bisa dibuat. `why` menyebut bagiannya.",
        "This statement cannot be made. `why` says which part is wrong.",
    ),
}
