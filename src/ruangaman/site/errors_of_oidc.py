"""Refusals of the OpenID Provider that a person or a command meets; clients are told in OAuth's own words."""

from ruangaman.site.catalogue import Entry

OF_OIDC: dict[str, Entry] = {
    "oidc.request-refused": Entry(
        400,
        "Aplikasi ini salah bertanya. Kamu tidak berbuat salah.",
        "This app asked in a wrong way. You did nothing wrong.",
    ),
    "oidc.flow-over": Entry(
        404,
        "Langkah ini sudah selesai atau lewat waktunya. Mulai lagi dari aplikasinya.",
        "This step is done or its time is over. Begin again from the app.",
    ),
    "oidc.client-refused": Entry(
        422,
        "Klien ini tidak bisa ditambahkan; sebabnya tertulis di sini.",
        "This client cannot be added; the reason is written here.",
    ),
}
