"""What Hone takes from botbuilder: its activity types, its turn context and its adapter base.

Everything with a network behind it is ours: see `tokens` for what botbuilder's own checks let pass,
and `client` for the calls. To leave botbuilder, replace this file and the calls in `adapter`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from botbuilder.core import CloudAdapterBase, TurnContext
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ResourceResponse,
)
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
)
from botframework.connector.auth.connector_factory import ConnectorFactory

from bot.teams.client import Connector
from bot.teams.read import Delivery
from bot.teams.spans import Json
from bot.teams.tokens import SCOPE, Claims

CARD_TYPE = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class InvokeResponse:
    """The HTTP answer to a delivery."""

    status: int = 200
    body: Json | None = None


OnTurn = Callable[[TurnContext], Awaitable[InvokeResponse]]


class Edge(CloudAdapterBase):
    """Runs a delivery, already checked, through botbuilder's pipeline over our connector."""

    def __init__(self, connector: Connector) -> None:
        super().__init__(_Checked(connector))

    async def run(self, delivery: Delivery, claims: Claims, on_turn: OnTurn) -> InvokeResponse:
        """Return the turn's answer.

        It does not pass through botbuilder, which copies it deeply, and whose types cannot carry a
        plain text.
        """
        proof = AuthenticateRequestResult()
        proof.claims_identity = ClaimsIdentity(dict(claims), True)
        proof.audience = SCOPE
        proof.connector_factory = self.bot_framework_authentication.create_connector_factory(
            proof.claims_identity
        )
        answer = InvokeResponse()

        async def keep_answer(context: TurnContext) -> None:
            nonlocal answer
            answer = await on_turn(context)

        await self.process_activity(proof, _activity(delivery), keep_answer)
        return answer


async def say(context: TurnContext, card: Json, summary: str) -> None:
    """Show a card where the turn happened; raises SendError."""
    shown = Attachment(content_type=CARD_TYPE, content=card)
    await context.send_activity(
        Activity(type=ActivityTypes.message, summary=summary, attachments=[shown])
    )


def message(card: Json, summary: str) -> Json:
    """Return a message that shows a card, as Teams' REST interface takes it."""
    shown = {"contentType": CARD_TYPE, "content": card}
    return {"type": "message", "summary": summary, "attachments": [shown]}


def _activity(delivery: Delivery) -> Activity:
    """Return the delivery in botbuilder's type, built from what was checked and nothing else."""
    return Activity(
        type=delivery.type,
        name=delivery.name,
        id=delivery.id or None,
        channel_id=delivery.channel_id,
        service_url=delivery.service_url,
        conversation=ConversationAccount(id=delivery.conversation),
        from_property=ChannelAccount(id=delivery.sender.id),
        recipient=ChannelAccount(id=delivery.bot),
    )


class _Checked(BotFrameworkAuthentication):
    """Tells botbuilder that requests are checked elsewhere; it is never asked to check one."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def authenticate_request(
        self, activity: Activity, auth_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError("deliveries are checked before botbuilder sees them")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError("Hone takes no streams")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return _Factory(self._connector)

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        return None  # Hone signs nobody in


class _Factory(ConnectorFactory):
    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def create(self, service_url: str, audience: str) -> _Client:
        return _Client(_Conversations(self._connector, service_url))


@dataclass(frozen=True, slots=True)
class _Client:
    conversations: _Conversations


@dataclass(frozen=True, slots=True)
class _Conversations:
    """The calls that botbuilder's adapter makes during a turn, on our connector."""

    connector: Connector
    service_url: str

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        sent = await self.connector.send(self.service_url, conversation, activity.serialize())
        return ResourceResponse(id=sent)

    async def reply_to_activity(
        self, conversation: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        # Teams threads by the conversation's id; the activity names what it replies to.
        return await self.send_to_conversation(conversation, activity)
