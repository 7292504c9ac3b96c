"""Refusals of planning: costs, tables, what is asked for, pledges, photos and re-audits."""

from ruangaman.site.catalogue import Entry

OF_PLANS: dict[str, Entry] = {
    "city.costs-malformed": Entry(
        422,
        "Tabel biaya tidak dapat dibaca. `at` menyebut tempatnya.",
        "The table of costs cannot be read. `at` says where.",
    ),
    "city.folder-incomplete": Entry(
        422,
        "Folder kota ini belum lengkap. `file` menyebut yang kurang. Jalankan lagi `ruangaman city build`.",
        "The folder of this city is not complete. `file` names what is missing. Run `ruangaman city build` again.",
    ),
    "city.table-refused": Entry(
        422,
        "Tabel ini tidak dapat dipakai. `line` menyebut barisnya, `why` sebabnya.",
        "This table cannot be used. `line` names the line, `why` says what is wrong.",
    ),
    "city.plan-not-asked": Entry(
        422,
        "Yang diminta tidak ada dalam tabel. `what` menyebut bagiannya.",
        "What was asked for is not in the tables. `what` names the part.",
    ),
    "city.change-not-comparable": Entry(
        422,
        "Keduanya tidak dapat dibandingkan. `file` menyebut berkasnya, `why` sebabnya.",
        "The two cannot be compared. `file` names the file, `why` says why.",
    ),
    "places.plan-refused": Entry(
        422,
        "Rencana ini tidak dapat dipakai. `why` menyebut sebabnya.",
        "This plan cannot be used. `why` says why.",
    ),
    "places.weights-refused": Entry(
        422,
        "Bobot rencana ini tidak dapat dipakai. `row` menyebut barisnya, `why` sebabnya.",
        "The weights of this plan cannot be used. `row` names the row, `why` says why.",
    ),
    "places.least-not-reached": Entry(
        422,
        "Dengan anggaran ini, batas minimum untuk satu kelurahan tidak tercapai. `kelurahan` menyebutnya.",
        "Within this budget the least asked for one kelurahan was not reached. `kelurahan` names it.",
    ),
    "places.pledge-refused": Entry(
        422,
        "Janji ini tidak dapat dicatat. `why` menyebut sebabnya.",
        "This pledge cannot be written down. `why` says why.",
    ),
    "places.finding-refused": Entry(
        422,
        "Hasil audit ulang ini tidak dapat dicatat. `why` menyebut sebabnya.",
        "This re-audit cannot be written down. `why` says why.",
    ),
}
