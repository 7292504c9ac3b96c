"""What the readers of tokens and credentials refuse (`core/credentials`), one table a format."""

from ruangaman.site.catalogue import Entry
from ruangaman.site.errors_of_mdocs import OF_MDOCS
from ruangaman.site.errors_of_presentations import OF_PRESENTATIONS
from ruangaman.site.errors_of_status_lists import OF_STATUS_LISTS
from ruangaman.site.errors_of_tokens import OF_TOKENS

OF_CREDENTIALS: dict[str, Entry] = (
    OF_TOKENS
    | OF_PRESENTATIONS
    | OF_MDOCS
    | OF_STATUS_LISTS
    | {
        "credential": Entry(400, "Bukti ini ditolak.", "This proof is refused."),
    }
)
