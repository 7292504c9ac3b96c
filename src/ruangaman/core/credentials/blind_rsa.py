"""
RSA blind signatures: RSABSSA-SHA384 in its four variants (RFC 9474), and PSS encoding under them (RFC 8017 9.1).

The client prepares and blinds, the issuer signs without seeing what, the client finalizes, anyone verifies. Byte
strings of a modulus' length are big endian. Chance is an argument: `draw(n)` gives n fresh, unpredictable bytes.

Signing keeps four rules. 0, 1, n-1 and everything from n on are refused. The base is blinded with a fresh number
before the power, since neither Python's `pow` nor a reduction modulo a prime takes constant time. The power is taken
by CRT (RFC 8017 5.1.2). And no result leaves before its e-th power has given the input back: one faulty half of a CRT
result factors the modulus (RFC 9474 8.1 and section 4.3).

`GMPY2` does the same with `powmod_sec`, about eight times as fast, where the optional package is there. A fresh
blinding costs about 5% of the private power there, and the check 3%. So nothing is kept between two signatures: a pair
(r^e, 1/r) that is squared from one to the next would save most of the 5%, at the price of state that threads share and
of numbers that depend on each other. The base is blinded before it is reduced modulo a prime and unblinded after the
halves are put together, so that no operation of variable time sees a number that somebody else chose or knows.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ruangaman.core.credentials.token_errors import (
    BlindedMessageRefused,
    BlindingFailed,
    BlindSignatureRefused,
    KeyRefused,
    SignatureRefused,
    SignatureTooLarge,
    SigningFault,
)

try:
    import gmpy2  # type: ignore[import-untyped, import-not-found, unused-ignore]
except ImportError:  # the optional extra is not installed
    gmpy2 = None

Draw = Callable[[int], bytes]

PREFIX_BYTES: Final = 32
"""What a randomized variant puts before the message (RFC 9474 4.1)."""

SMALLEST_BITS: Final = 2048
LARGEST_BITS: Final = 8192
LARGEST_EXPONENT: Final = (1 << 32) - 1
DRAWS: Final = 256
"""How often a number below n is drawn before the source is taken for broken; one draw fails at most half the time."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the four of RFC 9474 section 5."""

    name: str
    salt_length: int
    randomized: bool


PSS_RANDOMIZED: Final = Variant("RSABSSA-SHA384-PSS-Randomized", 48, True)
PSSZERO_RANDOMIZED: Final = Variant("RSABSSA-SHA384-PSSZERO-Randomized", 0, True)
PSS_DETERMINISTIC: Final = Variant("RSABSSA-SHA384-PSS-Deterministic", 48, False)
PSSZERO_DETERMINISTIC: Final = Variant("RSABSSA-SHA384-PSSZERO-Deterministic", 0, False)

VARIANTS: Final = {
    one.name: one for one in (PSS_RANDOMIZED, PSSZERO_RANDOMIZED, PSS_DETERMINISTIC, PSSZERO_DETERMINISTIC)
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Modulus and exponent. `of` checks them; the constructor does not."""

    n: int
    e: int

    @classmethod
    def of(cls, n: int, e: int) -> "PublicKey":
        """Raises KeyRefused: an even number, fewer than 2048 or more than 8192 bits, an exponent out of 3..2^32."""
        if not SMALLEST_BITS <= n.bit_length() <= LARGEST_BITS or n % 2 == 0:
            raise KeyRefused(bits=n.bit_length())
        if not 3 <= e <= LARGEST_EXPONENT or e % 2 == 0:
            raise KeyRefused(part="e")
        return cls(n, e)

    @property
    def modulus_len(self) -> int:
        """Bytes of the modulus, and so of every blinded message and signature."""
        return (self.n.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """An issuer's key, ready for CRT. `of` checks it; its text never shows a secret."""

    public: PublicKey
    p: int
    q: int
    dp: int
    dq: int
    qinv: int

    @classmethod
    def of(cls, p: int, q: int, e: int) -> "SigningKey":
        """
        From two different primes of about the same size.

        Raises:
            KeyRefused: a size that is not used, p equal to q, no private exponent, or numbers with which a trial
                signature does not verify (as when one of them is no prime).
        """
        if p < 3 or q < 3 or p == q or p % 2 == 0 or q % 2 == 0:
            raise KeyRefused(part="primes")
        public = PublicKey.of(p * q, e)
        if abs(p.bit_length() - q.bit_length()) > 8:
            raise KeyRefused(part="primes")
        try:
            made = cls(public, p, q, pow(e, -1, p - 1), pow(e, -1, q - 1), pow(q, -1, p))
        except ValueError:
            raise KeyRefused(part="d") from None
        if any(pow(_crt(made, trial), e, public.n) != trial for trial in (2, 3)):
            raise KeyRefused(part="primes")
        return made

    def __repr__(self) -> str:
        told = hashlib.sha256(self.public.n.to_bytes(self.public.modulus_len, "big")).hexdigest()[:16]
        return f"SigningKey({self.public.n.bit_length()} bits, modulus {told})"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Who takes the powers. Numbers in and out are integers, or what the library takes for them."""

    name: str
    number: Callable[[int], int]
    public_power: Callable[[int, int, int], int]
    inverse: Callable[[int, int], int]
    private_power: Callable[[SigningKey, int], int]


def _crt(key: SigningKey, base: int) -> int:
    """base^d mod n from its two halves (RFC 8017 5.1.2, second form)."""
    left = pow(base % key.p, key.dp, key.p)
    right = pow(base % key.q, key.dq, key.q)
    return right + key.q * ((left - right) * key.qinv % key.p)


def _inverse(number: int, modulus: int) -> int:
    """Raises ValueError when there is none."""
    return pow(number, -1, modulus)


PYTHON: Final = Arithmetic("python", int, pow, _inverse, _crt)
"""Always there."""


def _with_gmpy2(library: Any) -> Arithmetic:
    mpz, powmod, powmod_sec, invert = library.mpz, library.powmod, library.powmod_sec, library.invert

    def inverse(number: int, modulus: int) -> int:
        try:
            found: int = invert(number, modulus)
        except ZeroDivisionError:
            raise ValueError("no inverse") from None
        return found

    def private_power(key: SigningKey, base: int) -> int:
        p, q = mpz(key.p), mpz(key.q)
        left = powmod_sec(base % p, key.dp, p)
        right = powmod_sec(base % q, key.dq, q)
        result: int = right + q * ((left - right) * key.qinv % p)
        return result

    return Arithmetic("gmpy2", mpz, powmod, inverse, private_power)


GMPY2: Final[Arithmetic | None] = _with_gmpy2(gmpy2) if gmpy2 is not None else None
"""The same results by gmpy2, when it is installed."""


@dataclass(frozen=True, slots=True)
class Blinded:
    """What goes to the issuer, and what the client keeps until the answer. `inv` is as secret as the message."""

    blinded_msg: bytes
    inv: int

    def __repr__(self) -> str:
        return f"Blinded({len(self.blinded_msg)} bytes)"


def prepare(msg: bytes, variant: Variant, draw: Draw) -> bytes:
    """The message as it is signed: behind 32 fresh bytes in a randomized variant. Source: RFC 9474 4.1."""
    return draw(PREFIX_BYTES) + msg if variant.randomized else msg


def blind(key: PublicKey, input_msg: bytes, salt_length: int, draw: Draw) -> Blinded:
    """
    Hide a prepared message from its signer. Draws the salt, then numbers until one is below n.

    Raises:
        BlindingFailed: the encoded message or the drawn number shares a factor with n (nobody meets that by chance),
            or `draw` is broken.

    Source: RFC 9474 4.2.
    """
    salt = draw(salt_length) if salt_length else b""
    message = int.from_bytes(emsa_pss_encode(input_msg, salt, key.n.bit_length() - 1), "big")
    fresh = _below(key.n, draw)
    try:
        pow(message, -1, key.n)
        inv = pow(fresh, -1, key.n)
    except ValueError:
        raise BlindingFailed from None
    blinded = message * pow(fresh, key.e, key.n) % key.n
    return Blinded(blinded.to_bytes(key.modulus_len, "big"), inv)


def blind_sign(key: SigningKey, blinded_msg: bytes, draw: Draw, arithmetic: Arithmetic = PYTHON) -> bytes:
    """
    Sign what a client blinded.

    Args:
        blinded_msg: as long as the modulus.
        draw: for the number that blinds the base, fresh for each signature.

    Raises:
        BlindedMessageRefused: another length, 0, 1, n-1, n or more.
        SigningFault: the result was faulty and is gone. Raise an alarm and stop using the machine for signing.
        BlindingFailed: `draw` is broken.

    Source: RFC 9474 4.3.
    """
    n, e = key.public.n, key.public.e
    message = arithmetic.number(read_blinded(key.public, blinded_msg))
    fresh, n = arithmetic.number(_below(n, draw)), arithmetic.number(n)
    try:
        undo = arithmetic.inverse(fresh, n)
    except ValueError:
        raise BlindingFailed from None
    result = arithmetic.private_power(key, message * arithmetic.public_power(fresh, e, n) % n) * undo % n
    if arithmetic.public_power(result, e, n) != message:
        raise SigningFault(bits=key.public.n.bit_length())
    return int(result).to_bytes(key.public.modulus_len, "big")


def read_blinded(key: PublicKey, blinded_msg: bytes) -> int:
    """
    What a client blinded, as a number that may be signed.

    Raises:
        BlindedMessageRefused: another length than the modulus, 0, 1, n-1, n or more.
    """
    if len(blinded_msg) != key.modulus_len:
        raise BlindedMessageRefused(bytes=len(blinded_msg))
    message = int.from_bytes(blinded_msg, "big")
    if not 1 < message < key.n - 1:
        raise BlindedMessageRefused
    return message


def finalize(key: PublicKey, input_msg: bytes, blind_sig: bytes, inv: int, salt_length: int) -> bytes:
    """
    The signature over the prepared message, from the issuer's answer.

    Raises:
        BlindSignatureRefused: another length than the modulus, or it does not verify once unblinded.

    Source: RFC 9474 4.4.
    """
    if len(blind_sig) != key.modulus_len:
        raise BlindSignatureRefused(bytes=len(blind_sig))
    sig = (int.from_bytes(blind_sig, "big") * inv % key.n).to_bytes(key.modulus_len, "big")
    try:
        verify(key, input_msg, sig, salt_length)
    except SignatureRefused:
        raise BlindSignatureRefused from None
    return sig


def verify(key: PublicKey, input_msg: bytes, sig: bytes, salt_length: int) -> None:
    """
    Whether `sig` signs the prepared message.

    Raises:
        SignatureTooLarge: as a number it is n or more.
        SignatureRefused: another length, or not a signature of this key over this message with this salt length.

    Source: RFC 9474 4.5, RFC 8017 8.1.2.
    """
    if len(sig) != key.modulus_len:
        raise SignatureRefused(bytes=len(sig))
    number = int.from_bytes(sig, "big")
    if number >= key.n:
        raise SignatureTooLarge
    em_bits = key.n.bit_length() - 1
    opened = pow(number, key.e, key.n)
    if opened.bit_length() > em_bits:
        raise SignatureRefused
    if not emsa_pss_fits(input_msg, opened.to_bytes((em_bits + 7) // 8, "big"), em_bits, salt_length):
        raise SignatureRefused


def emsa_pss_encode(message: bytes, salt: bytes, em_bits: int, hash_name: str = "sha384") -> bytes:
    """
    EM of at most `em_bits` bits, in as few whole bytes as hold them.

    Raises:
        BlindingFailed: the modulus is too small for hash and salt.

    Source: RFC 8017 9.1.1, with MGF1 over the same hash.
    """
    digest = _hash(hash_name, message)
    em_len = (em_bits + 7) // 8
    if em_len < len(digest) + len(salt) + 2:
        raise BlindingFailed(bits=em_bits)
    told = _hash(hash_name, bytes(8) + digest + salt)
    db_len = em_len - len(told) - 1
    db = int.from_bytes(b"\x01" + salt, "big")
    masked = db ^ int.from_bytes(mgf1(told, db_len, hash_name), "big")
    masked &= (1 << (8 * db_len - (8 * em_len - em_bits))) - 1
    return masked.to_bytes(db_len, "big") + told + b"\xbc"


def emsa_pss_fits(
    message: bytes, em: bytes, em_bits: int, salt_length: int, hash_name: str = "sha384"
) -> bool:
    """Whether EM encodes the message with a salt of exactly this length. Source: RFC 8017 9.1.2."""
    digest = _hash(hash_name, message)
    if len(em) != (em_bits + 7) // 8 or len(em) < len(digest) + salt_length + 2 or em[-1] != 0xBC:
        return False
    db_len = len(em) - len(digest) - 1
    masked, told = int.from_bytes(em[:db_len], "big"), em[db_len:-1]
    bits = 8 * db_len - (8 * len(em) - em_bits)
    if masked.bit_length() > bits:
        return False
    db = (masked ^ int.from_bytes(mgf1(told, db_len, hash_name), "big")) & ((1 << bits) - 1)
    if db >> (8 * salt_length) != 1:
        return False
    salt = (db - (1 << (8 * salt_length))).to_bytes(salt_length, "big")
    return _hash(hash_name, bytes(8) + digest + salt) == told


def mgf1(seed: bytes, length: int, hash_name: str = "sha384") -> bytes:
    """Source: RFC 8017 B.2.1."""
    size = hashlib.new(hash_name, usedforsecurity=False).digest_size
    rounds = range((length + size - 1) // size)
    return b"".join(_hash(hash_name, seed + count.to_bytes(4, "big")) for count in rounds)[:length]


def _hash(name: str, told: bytes) -> bytes:
    return hashlib.new(name, told, usedforsecurity=False).digest()


def _below(n: int, draw: Draw) -> int:
    """A number from 1 to n-1, each equally likely."""
    size = (n.bit_length() + 7) // 8
    spare = 8 * size - n.bit_length()
    for _ in range(DRAWS):
        found = int.from_bytes(draw(size), "big") >> spare
        if 0 < found < n:
            return found
    raise BlindingFailed
