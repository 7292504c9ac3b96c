"""Refusals of deciding what a city builds."""

from ruangaman.site.catalogue import Entry

OF_SITING: dict[str, Entry] = {
    "siting.bad-input": Entry(
        422,
        "Data rencana tidak dapat dipakai. `field` menyebut bagiannya, `why` sebabnya.",
        "The data of the plan cannot be used. `field` names the part, `why` says what is wrong.",
    ),
    "siting.too-large": Entry(
        413,
        "Rencana ini melebihi batas ukuran. `field` menyebut bagiannya, `most` batasnya.",
        "This plan is larger than the limit. `field` names the part, `most` the limit.",
    ),
    "siting.rules-conflict": Entry(
        422,
        "Tindakan yang wajib tidak dapat dilakukan bersama-sama. `why` menyebut aturan yang dilanggar.",
        "The actions that must be in cannot all be done. `why` names the rule that they break.",
    ),
    "siting.least-not-met": Entry(
        422,
        "Dengan aturan ini, batas minimum kelurahan tersebut tidak mungkin dipenuhi. `kelurahan` menyebut urutannya.",
        "Within these rules the least asked for this kelurahan cannot be met. `kelurahan` is its index.",
    ),
    "siting.undecided": Entry(
        503,
        "Dalam waktu yang diberikan belum ada rencana, dan belum terbukti bahwa rencana itu mustahil.",
        "In the time given no plan was found, nor was it proved that there is none.",
    ),
}
