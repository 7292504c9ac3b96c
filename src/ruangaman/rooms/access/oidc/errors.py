"""What the OpenID Provider refuses on pages and in commands. To clients it speaks OAuth's own words."""

from ruangaman.core.errors import RuangAmanError


class RequestUnreadable(RuangAmanError):
    """A request that cannot be answered to its sender: no such client, or another return address than it named."""

    code = "oidc.request-refused"


class FlowOver(RuangAmanError):
    """No visit of this browser: over, answered, or begun elsewhere."""

    code = "oidc.flow-over"


class ClientRefused(RuangAmanError):
    """A client that cannot be added; `facts["why"]` says why."""

    code = "oidc.client-refused"


class AskedRefused(Exception):
    """A request that is told to its client by a redirect (RFC 6749 section 4.1.2.1) or by PAR (RFC 9126 2.3)."""

    def __init__(self, error: str, why: str = "") -> None:
        super().__init__(error, why)
        self.error, self.why = error, why
