"""Refusals of campaigns."""

from ruangaman.site.catalogue import Entry

OF_CAMPAIGNS: dict[str, Entry] = {
    "learning.no-such-campaign": Entry(404, "Kampanye ini tidak ada.", "There is no such campaign."),
    "learning.campaign-refused": Entry(
        422,
        "Kampanye tidak bisa disimpan begini. `why` menyebut isian yang salah.",
        "The campaign cannot be kept like this. `why` names the field.",
    ),
    "learning.message-too-long": Entry(
        422,
        "Pesan terlalu panjang untuk grup. `signs` menyebut panjangnya, `most` batasnya.",
        "The message is too long for a group. `signs` says how long, `most` what fits.",
    ),
    "learning.draw-refused": Entry(
        409,
        "Undian tidak bisa dibuat. `why` menyebut alasannya.",
        "The draw cannot be made. `why` says why.",
    ),
    "learning.campaign-over": Entry(
        409,
        "Kampanye ini sudah selesai dan tidak berubah lagi.",
        "This campaign is over and does not change any more.",
    ),
    "learning.organiser-refused": Entry(
        422,
        "Hak penyelenggara tidak bisa diberikan atau diakhiri. `why` menyebut alasannya.",
        "The right to organise cannot be given or ended. `why` says why.",
    ),
}
