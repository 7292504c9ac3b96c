"""The tree over the ledger's leaves, beside a slow second truth and the published roots."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.core import chain, merkle

# Inputs and roots that the logs of Certificate Transparency test with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count):
    return [chain.leaf(number.to_bytes(4, "big")) for number in range(count)]


def slow_root(hashes):
    """RFC 9162 2.1.1, as it stands there."""
    if len(hashes) == 0:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(hashes[:k]) + slow_root(hashes[k:])).digest()


def slow_path(m, hashes):
    """RFC 9162 2.1.3.1."""
    if len(hashes) == 1:
        return []
    k = merkle.split(len(hashes))
    if m < k:
        return [*slow_path(m, hashes[:k]), slow_root(hashes[k:])]
    return [*slow_path(m - k, hashes[k:]), slow_root(hashes[:k])]


def slow_proof(m, hashes, whole=True):
    """RFC 9162 2.1.4.1."""
    if m == len(hashes):
        return [] if whole else [slow_root(hashes)]
    k = merkle.split(len(hashes))
    if m <= k:
        return [*slow_proof(m, hashes[:k], whole), slow_root(hashes[k:])]
    return [*slow_proof(m - k, hashes[k:], False), slow_root(hashes[:k])]


def of(hashes):
    return lambda begin, end: merkle.root(hashes[begin:end])


def test_the_published_roots():
    hashes = [chain.leaf(bytes.fromhex(one)) for one in INPUTS]
    assert [merkle.root(hashes[:size]).hex() for size in range(1, 9)] == ROOTS
    assert merkle.root([]) == merkle.EMPTY


def test_every_proof_of_small_trees_is_that_of_the_slow_truth_and_holds():
    hashes = leaves(34)
    for size in range(1, 35):
        tree = hashes[:size]
        top = merkle.root(tree)
        assert top == slow_root(tree)
        for index in range(size):
            path = merkle.inclusion(index, size, of(hashes))
            assert path == slow_path(index, tree)
            assert merkle.includes(hashes[index], index, size, path, top)
        for old in range(1, size + 1):
            proof = merkle.consistency(old, size, of(hashes))
            assert proof == slow_proof(old, tree)
            assert merkle.extends(old, merkle.root(hashes[:old]), size, top, proof)


@given(data=st.data())
@settings(max_examples=60)
def test_nothing_else_holds(data):
    size = data.draw(st.integers(2, 40))
    hashes = leaves(size)
    top, index = merkle.root(hashes), data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, of(hashes))
    other = bytes(32)
    place = data.draw(st.integers(0, len(path) - 1))
    wrong = [*path[:place], other, *path[place + 1 :]]
    for broken in (wrong, path[:-1], path[1:], [*path, other], [other, *path]):
        assert not merkle.includes(hashes[index], index, size, broken, top)
    assert not merkle.includes(other, index, size, path, top)
    assert not merkle.includes(hashes[index], index, size, path, other)
    for elsewhere in {*range(size)} - {index}:
        assert not merkle.includes(hashes[index], elsewhere, size, path, top)
    for nowhere in (-1, size):
        assert not merkle.includes(hashes[index], nowhere, size, path, top)
    old = data.draw(st.integers(1, size - 1))
    before, proof = merkle.root(hashes[:old]), merkle.consistency(old, size, of(hashes))
    place = data.draw(st.integers(0, len(proof) - 1))
    wrong = [*proof[:place], other, *proof[place + 1 :]]
    for broken in (wrong, proof[:-1], [*proof, other], []):
        assert not merkle.extends(old, before, size, top, broken)
    assert not merkle.extends(old, other, size, top, proof)
    assert not merkle.extends(old, before, size, other, proof)
    assert not merkle.extends(size, top, size, top, [other])
    assert not merkle.extends(0, merkle.EMPTY, size, top, [])
    assert not merkle.extends(size + 1, top, size, top, proof)
    # Another history of the same length is no beginning.
    rewritten = [other, *hashes[1:]]
    mine = merkle.consistency(old, size, of(rewritten))
    assert not merkle.extends(old, before, size, merkle.root(rewritten), mine)


@given(size=st.integers(1, 700))
@settings(max_examples=30)
def test_roots_of_whole_blocks_stand_for_their_leaves(size):
    hashes = leaves(size)
    blocks = [merkle.root(hashes[at : at + 64]) for at in range(0, size, 64)]
    assert merkle.root(blocks) == merkle.root(hashes)


def test_where_there_is_no_leaf_there_is_no_proof():
    hashes = leaves(3)
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="leaf"):
            merkle.inclusion(index, size, of(hashes))
    for old, size in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="tree"):
            merkle.consistency(old, size, of(hashes))
