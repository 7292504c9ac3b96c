"""
The two HTTP headers of the `PrivateToken` scheme (RFC 9577 2.1 and 2.2) in the grammar of RFC 9110 11.

    WWW-Authenticate: PrivateToken challenge="...", token-key="...", max-age="10"
    Authorization: PrivateToken token="..."

Bytes are base64url with padding. Values are written as quoted strings; read as tokens too, then with the padding behind
them, which the grammar of a token would not allow and no reader can mistake. Names count without case, none may stand
twice, unknown ones are passed over, and so are other schemes beside this one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ruangaman.core.credentials.token_encoding import to_bytes, to_text
from ruangaman.core.credentials.token_errors import HeaderRefused
from ruangaman.core.credentials.tokens import MOST_CHALLENGE_BYTES, TOKEN_BYTES

SCHEME: Final = "PrivateToken"
MOST_CHARACTERS: Final = 65_536
MOST_CREDENTIALS_CHARACTERS: Final = 8_192
MOST_CHALLENGES: Final = 32
MOST_PARAMETERS: Final = 32
MOST_KEY_BYTES: Final = 4_096
LONGEST_AGE_S: Final = 2_147_483_647

_TCHARS: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_BETWEEN: Final = re.compile(r"[ \t,]*")
_BLANKS: Final = re.compile(r"[ \t]*")
_NAME: Final = re.compile(_TCHARS)
_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*(?=[^=, \t])")
_QUOTED: Final = re.compile(r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t\x20-\x7e\x80-\xff])*)"')
_VALUE: Final = re.compile(_TCHARS + r"=*")
_TOKEN68: Final = re.compile(r"[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|\Z))")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_AGE: Final = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class HeaderChallenge:
    """One challenge of a header; `challenge` is the encoded TokenChallenge, `max_age` in seconds."""

    challenge: bytes
    token_key: bytes | None = None
    max_age: int | None = None


def challenge_header(challenges: Iterable[HeaderChallenge]) -> str:
    """The value of `WWW-Authenticate`, the preferred challenge first."""
    return ", ".join(_written(one) for one in challenges)


def _written(one: HeaderChallenge) -> str:
    told = f'{SCHEME} challenge="{to_text(one.challenge)}"'
    if one.token_key is not None:
        told += f', token-key="{to_text(one.token_key)}"'
    if one.max_age is not None:
        told += f', max-age="{one.max_age}"'
    return told


def read_challenges(header: str) -> list[HeaderChallenge]:
    """
    Every PrivateToken challenge of a `WWW-Authenticate` value, in its order; none when only other schemes stand there.

    The bytes are not looked at: a challenge of an unknown type is the reader's to pass over (RFC 9577 5.1).

    Raises:
        HeaderRefused: over 65,536 characters, 32 challenges or 32 parameters, broken grammar, a name that stands
            twice, no `challenge`, an age that is no number.
        EncodingRefused: a value that is not base64url with padding.
    """
    found = []
    for scheme, parameters in _schemes(header, MOST_CHARACTERS):
        if scheme != SCHEME.lower():
            continue
        if "challenge" not in parameters:
            raise HeaderRefused(part="challenge")
        key = parameters.get("token-key")
        found.append(
            HeaderChallenge(
                to_bytes(parameters["challenge"], MOST_CHALLENGE_BYTES),
                None if key is None else to_bytes(key, MOST_KEY_BYTES),
                _age(parameters.get("max-age")),
            )
        )
    return found


def token_header(token: bytes) -> str:
    """The value of `Authorization`."""
    return f'{SCHEME} token="{to_text(token)}"'


def read_token(header: str) -> bytes:
    """
    The token of an `Authorization` value; its length and type are `check`'s to judge.

    Raises:
        HeaderRefused: over 8,192 characters, another scheme or more than one, broken grammar, a name that stands
            twice, no `token`.
        EncodingRefused: not base64url with padding, or far longer than a token.
    """
    schemes = _schemes(header, MOST_CREDENTIALS_CHARACTERS)
    if len(schemes) != 1 or schemes[0][0] != SCHEME.lower():
        raise HeaderRefused(part="scheme")
    token = schemes[0][1].get("token")
    if token is None:
        raise HeaderRefused(part="token")
    return to_bytes(token, 2 * TOKEN_BYTES)


def _age(told: str | None) -> int | None:
    if told is None:
        return None
    if not _AGE.fullmatch(told) or int(told) > LONGEST_AGE_S:
        raise HeaderRefused(part="max-age")
    return int(told)


def _schemes(header: str, most: int) -> list[tuple[str, dict[str, str]]]:
    """(scheme in small letters, its parameters) of each challenge; every match moves on, so time is linear."""
    if len(header) > most:
        raise HeaderRefused(characters=len(header))
    found: list[tuple[str, dict[str, str]]] = []
    at, parted = _end(_BETWEEN, header, 0), True
    while at < len(header):
        name = _NAME.match(header, at)
        if name is None or not parted:
            raise HeaderRefused(at=at)
        equals = _EQUALS.match(header, name.end())
        if equals is not None:
            value, after = _value(header, equals.end())
            if not found:
                raise HeaderRefused(at=at)
            _keep(found[-1][1], name[0].lower(), value)
        else:
            found.append((name[0].lower(), {}))
            if len(found) > MOST_CHALLENGES:
                raise HeaderRefused(challenges=len(found))
            after = name.end()
            first = _end(_BLANKS, header, after)
            token68 = _TOKEN68.match(header, first) if first > after else None
            if token68 is not None:
                _keep(found[-1][1], "", token68[0])
                after = token68.end()
            elif first > after and _NAME.match(header, first):
                at = first  # the first parameter stands behind blanks alone
                if _EQUALS.match(header, _end(_NAME, header, first)) is None:
                    raise HeaderRefused(at=at)
                continue
        at = _end(_BETWEEN, header, after)
        parted = "," in header[after:at]
    return found


def _value(header: str, at: int) -> tuple[str, int]:
    quoted = _QUOTED.match(header, at)
    if quoted is not None:
        return _ESCAPED.sub(r"\1", quoted[1]), quoted.end()
    plain = _VALUE.match(header, at)
    if plain is None:
        raise HeaderRefused(at=at)
    return plain[0], plain.end()


def _keep(parameters: dict[str, str], name: str, value: str) -> None:
    if name in parameters or len(parameters) >= MOST_PARAMETERS:
        raise HeaderRefused(part="parameters")
    parameters[name] = value


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()
