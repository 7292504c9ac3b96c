"""`/v1/webhooks`: where a platform hears of events."""

from datetime import timedelta
from uuid import UUID

from ruangaman.rooms.access import door, sessions, webhooks, wire
from ruangaman.rooms.access.models import Service, WebhookEndpoint


def show_all(call: door.Call) -> door.Reply:
    """The living endpoints of this key."""
    return door.Reply({"webhooks": [webhooks.document(one) for one in webhooks.of_caller(call.caller)]})


def _made(endpoint: WebhookEndpoint, secret: str, status: int) -> door.Reply:
    headers = {"Location": f"/v1/webhooks/{endpoint.id}"} if status == 201 else {}
    return door.Reply(webhooks.document(endpoint, secret), status, headers, endpoint.id)


def look_up(call: door.Call) -> None:
    """Where the address leads; before the transaction, since a name server may be slow."""
    webhooks.look_up(call.read(wire.NewWebhook).url)


def register(call: door.Call) -> door.Reply:
    """A new endpoint; the reply alone shows its secret."""
    said = call.read(wire.NewWebhook)
    service: Service | None = None
    if said.service is not None:
        service = sessions.service_for(call.caller, said.service)
    elif call.caller.service is not None:
        service = Service.objects.get(id=call.caller.service)
    made = webhooks.register(
        operator=call.caller.operator,
        service=service,
        sandbox=call.caller.sandbox,
        url=said.url,
        kinds=said.kinds,
        now=call.now,
    )
    return _made(made.endpoint, made.secret, 201)


def show(call: door.Call, ref: UUID) -> door.Reply:
    """One endpoint."""
    return door.Reply(webhooks.document(webhooks.for_caller(call.caller, ref)))


def remove(call: door.Call, ref: UUID) -> door.Reply:
    """End an endpoint."""
    webhooks.remove(webhooks.for_caller(call.caller, ref), now=call.now)
    return door.Reply(None, 204)


def rotate(call: door.Call, ref: UUID) -> door.Reply:
    """A new secret; the old one signs beside it for a while."""
    said = call.read(wire.Rotation)
    endpoint = webhooks.for_caller(call.caller, ref)
    made = webhooks.rotate(endpoint, overlap=timedelta(hours=said.overlap_hours), now=call.now)
    return _made(made.endpoint, made.secret, 200)


def test(call: door.Call, ref: UUID) -> door.Reply:
    """Send a `test` event to this endpoint."""
    call.read(wire.Nothing)
    event = webhooks.test(webhooks.for_caller(call.caller, ref), now=call.now)
    return _sent(call, event)


def _sent(call: door.Call, event: UUID) -> door.Reply:
    return door.Reply({"event": str(event)}, 202, ref=event)


def _again(call: door.Call, ref: UUID) -> door.Reply:
    endpoint = webhooks.for_caller(call.caller, ref)
    return _made(endpoint, webhooks.secret_of(endpoint), 200)


ALL = door.door(
    {
        "GET": door.Act("webhooks", show_all),
        "POST": door.Act("webhooks", register, again=_again, before=look_up, body=True),
    }
)
ONE = door.door({"GET": door.Act("webhooks", show), "DELETE": door.Act("webhooks", remove)})
ROTATE = door.door({"POST": door.Act("webhooks", rotate, again=_again, body=True)})
TEST = door.door({"POST": door.Act("webhooks", test, again=_sent, body=True)})
