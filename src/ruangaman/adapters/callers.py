"""From where a call comes, as far as that can be believed: what tries are counted by."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address


def network(meta: Mapping[str, object], *, behind_proxy: bool) -> str:
    """
    The address of the caller; of IPv6 its /64, since each household has 2**64 addresses. Empty when nothing is known.

    Args:
        behind_proxy: a proxy of the house stands in front. It writes whom it heard at the end of `X-Forwarded-For`;
            what stands before that the caller wrote, and counts for nothing.

    >>> network({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 203.0.113.9"}, behind_proxy=True)
    '203.0.113.9'
    >>> network({"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}, behind_proxy=False)
    '203.0.113.7'
    >>> network({"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, behind_proxy=False)
    '2001:db8:1:2::'
    """
    said = str(meta.get("HTTP_X_FORWARDED_FOR", "")) if behind_proxy else ""
    for text in (said.rpartition(",")[2].strip(), str(meta.get("REMOTE_ADDR", ""))):
        try:
            found = ip_address(text)
        except ValueError:
            continue
        if not isinstance(found, IPv6Address):
            return str(found)
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return ""
