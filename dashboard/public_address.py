"""Whether an address is on the public internet, and whether a host is an address in disguise."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_ISATAP: Final = 0x5EFE
"""The middle of an interface's identifier that carries an IPv4 address through a tunnel (RFC 5214, 6.1)."""

_NOT_PUBLIC: Final = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "3fff::/20")))
"""What Python takes for public: the relays of 6to4 (RFC 7526), and an IPv6 range for documentation (RFC 9637)."""

_NUMBER: Final = re.compile(r"(0[xX][0-9A-Fa-f]*|[0-9]+)")


def is_public(address: str) -> bool:
    """Whether ``address`` is one of the public internet, also the IPv4 address that an IPv6 address carries."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in _NAT64:
            carried = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(str(carried))
        if ip.is_site_local or int(ip) >> 32 & 0xFCFFFFFF == _ISATAP:
            return False
    if any(ip in network for network in _NOT_PUBLIC):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def is_disguised(host: str) -> bool:
    """Whether ``host`` is an IPv4 address in another form than four decimal numbers (2130706433, 0x7f.1, 127.1)."""
    if ":" in host or not _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False
