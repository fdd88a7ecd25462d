"""Microsoft's own SDK as it comes: a bot that acknowledges every form and keeps nothing.

`CloudAdapter` of botbuilder-integration-aiohttp is the adapter below and this `receive`; that
package would bring nothing else.
"""

from __future__ import annotations

import os
import warnings

from aiohttp import web
from botbuilder.core import CloudAdapterBase, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity
from botbuilder.schema.teams import TaskModuleRequest, TaskModuleResponse
from botframework.connector.auth import (
    BotFrameworkAuthenticationFactory,
    ChannelValidation,
    PasswordServiceClientCredentialFactory,
)

from bot.teams.adapter import PATH


class _Acknowledging(TeamsActivityHandler):  # type: ignore[misc]
    async def on_teams_task_module_submit(
        self, turn_context: TurnContext, task_module_request: TaskModuleRequest
    ) -> TaskModuleResponse:
        return TaskModuleResponse()


def serve() -> None:
    """Serve on $PORT, for the cloud that $MICROSOFT_OPENID_URL describes."""
    warnings.simplefilter("ignore")
    ChannelValidation.open_id_metadata_endpoint = os.environ["MICROSOFT_OPENID_URL"]
    credentials = PasswordServiceClientCredentialFactory(
        os.environ["MICROSOFT_APP_ID"],
        os.environ["MICROSOFT_APP_PASSWORD"],
        os.environ["MICROSOFT_APP_TENANT_ID"],
    )
    adapter = CloudAdapterBase(
        BotFrameworkAuthenticationFactory.create(credential_factory=credentials)
    )
    bot = _Acknowledging()

    async def receive(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        proof = request.headers.get("Authorization", "")
        left = await adapter.process_activity(proof, activity, bot.on_turn)
        return web.json_response(left.body, status=left.status) if left else web.Response()

    async def ready(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.post(PATH, receive), web.get("/readyz", ready)])
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None)
