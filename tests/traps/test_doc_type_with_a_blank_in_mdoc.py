"""`eu.europa.ec.av.1 ` is another name than `eu.europa.ec.av.1`, and looks the same to a person."""

import pytest
from tests.mdocs import AV, Wallet, check

from ruangaman.core.credentials import mdoc_reading


@pytest.mark.parametrize(
    "name", [f"{AV} ", f" {AV}", f"{AV}\n", AV.replace(".", " "), f"{AV}\u200b", "", "a" * 200]
)
def test_a_blank_in_a_doc_type_is_refused_wherever_it_stands(name):
    for wallet in (
        Wallet(doc_type=name, signed_doc_type=AV, name_space=AV),
        Wallet(signed_doc_type=name or " "),
    ):
        with pytest.raises(mdoc_reading.DocTypeMalformed):
            check(wallet)
