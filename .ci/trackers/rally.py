"""Broadcom's own client (pyral) as judge of our fake: it signs in, reads the schema, asks, writes.

It knows https only, and asks for more than the adapter: users, subscription, workspaces, schema.
These are here; what the adapter needs, too, is the fake's own.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_plus

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes.trackers.board import Json
from tests.fakes.trackers.rally import CUSTOM, STORY, FakeRally

WSAPI = "/slm/webservice/v2.0"


class RallyOffice(FakeRally):
    """The fake, with what a client wants to know of its surroundings."""

    def routes(self) -> list[web.RouteDef]:
        return [
            *super().routes(),
            web.get(f"{WSAPI}/User", self._user),
            web.get(f"{WSAPI}/UserProfile/77", self._profile),
            web.get(f"{WSAPI}/Subscription", self._subscription),
            web.get(f"{WSAPI}/subscription/9/Workspaces", self._workspaces),
            web.get(f"{WSAPI}/Workspace", self._workspaces),
            web.get(f"{WSAPI}/workspace/1", self._workspace_alone),
            web.get(f"{WSAPI}/Workspace/1/Projects", self._all_projects),
            web.get(f"{WSAPI}/Project", self._all_projects),
            web.get("/slm/schema/v2.0/workspace/1", self._schema),
            web.get(f"{WSAPI}/{STORY}", self._stories),
            web.put(f"{WSAPI}/hierarchicalrequirement/create", self._made),
            web.post(WSAPI + "/hierarchicalrequirement/{id}", self._changed),
            web.get(WSAPI + "/{kind:hierarchicalrequirement|" + STORY + "}/{id}", self._one),
        ]

    def _at(self, kind: str, id: int, name: str) -> Json:
        ref = f"https://{self.host}{WSAPI}/{kind.lower()}/{id}"
        told: Json = {"_ref": ref, "_refObjectName": name, "_type": kind, "ObjectID": id}
        return told | {"_rallyAPIMajor": "2", "_rallyAPIMinor": "0", "_objectVersion": "1"}

    def _alone(self, name: str, told: Json) -> web.Response:
        return web.json_response({name: {"Errors": [], "Warnings": [], **told}})

    def _all(self, found: list[Json]) -> web.Response:
        result = {"Errors": [], "Warnings": [], "TotalResultCount": len(found), "StartIndex": 1}
        return web.json_response({"QueryResult": {**result, "PageSize": 200, "Results": found}})

    async def _user(self, _: web.Request) -> web.Response:
        profile = self._at("UserProfile", 77, "Hone")
        told = {"UserName": "hone@acme.example", "DisplayName": "Hone", "UserProfile": profile}
        return self._alone("User", self._at("User", 7, "Hone") | told)

    async def _profile(self, _: web.Request) -> web.Response:
        told = {
            "DefaultWorkspace": self._at("Workspace", 1, "Acme"),
            "DefaultProject": self._at("Project", 10, "Payments"),
        }
        return self._alone("UserProfile", self._at("UserProfile", 77, "Hone") | told)

    async def _subscription(self, _: web.Request) -> web.Response:
        return self._alone("Subscription", self._at("Subscription", 9, "Acme") | {"Name": "Acme"})

    def _acme(self) -> Json:
        projects = {"_ref": f"https://{self.host}{WSAPI}/Workspace/1/Projects", "Count": 2}
        told = {"Name": "Acme", "State": "Open", "Projects": projects}
        return self._at("Workspace", 1, "Acme") | told

    async def _workspaces(self, _: web.Request) -> web.Response:
        return self._all([self._acme()])

    async def _workspace_alone(self, _: web.Request) -> web.Response:
        return self._alone("Workspace", self._acme())

    async def _all_projects(self, _: web.Request) -> web.Response:
        names = {10: "Payments", 11: "Web shop"}
        return self._all(
            [self._at("Project", id, n) | {"Name": n, "State": "Open"} for id, n in names.items()]
        )

    async def _schema(self, _: web.Request) -> web.Response:
        kinds = ("HierarchicalRequirement", "Defect")
        return self._all([self._kind(number, name) for number, name in enumerate(kinds, 1)])

    def _kind(self, id: int, name: str) -> Json:
        numbers = {"Name": "STRING", "Description": "TEXT", "FormattedID": "STRING"}
        numbers |= {"PlanEstimate": "QUANTITY", "ObjectID": "INTEGER"}
        numbers |= {custom: "DECIMAL" for custom, _ in CUSTOM.values()}
        flags = dict.fromkeys(("Creatable", "Queryable", "Deletable", "Restorable"), True)
        return {
            **self._at("TypeDefinition", id, name),
            **flags,
            **dict.fromkeys(("ElementName", "Name", "DisplayName", "TypePath"), name),
            **dict.fromkeys(("Abstract", "ReadOnly"), False),
            "IDPrefix": "US",
            "Parent": self._at("TypeDefinition", 99, "Artifact"),
            "Ordinal": -1,
            "RevisionHistory": None,
            "Attributes": [
                {
                    **self._at("AttributeDefinition", place, each),
                    **dict.fromkeys(("ElementName", "Name"), each),
                    **dict.fromkeys(("Custom", "Required", "ReadOnly", "Hidden"), False),
                    **dict.fromkeys(("Filterable",), True),
                    **dict.fromkeys(("Constrained", "AllowedValueType", "AllowedValues"), None),
                    **dict.fromkeys(("MaxLength", "MaxFractionalDigits"), 0),
                    "AttributeType": kind,
                    "SchemaType": kind,
                }
                for place, (each, kind) in enumerate(numbers.items())
            ],
        }

    def _whole(self, id: int) -> Json:
        item = self._item(self.things[id])
        return self._at(STORY, id, item["Name"]) | item

    async def _stories(self, request: web.Request) -> web.Response:
        query = unquote_plus(request.query.get("query", "")).strip("()")
        name, _, value = query.partition(" = ")
        found = [self._whole(id) for id in self.things]
        return self._all([e for e in found if str(e.get(name.strip())) == value.strip('" ')])

    async def _one(self, request: web.Request) -> web.Response:
        return self._alone(STORY, self._whole(int(request.match_info["id"])))

    async def _made(self, request: web.Request) -> web.Response:
        fields = (await request.json())["HierarchicalRequirement"]
        made = self.add(fields["Name"], description=fields["Description"])
        return self._done("CreateResult", self._whole(made))

    async def _changed(self, request: web.Request) -> web.Response:
        id = int(request.match_info["id"])
        ((_, fields),) = (await request.json()).items()
        names = {"PlanEstimate": "points", "Name": "title"}
        given = {names[name]: value for name, value in fields.items() if name in names}
        self.edit(id, self.me, **given)
        return self._done("OperationResult", self._whole(id))


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for this machine that nobody else trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    both = folder / "both.pem"
    both.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


async def judge(python: str, script: str) -> None:
    board = RallyOffice()
    with tempfile.TemporaryDirectory() as folder:
        board.ssl = certificate(Path(folder))
    async with board:
        board.add("Refunds", points=3)
        client = await asyncio.create_subprocess_exec(
            *(python, script, board.host, board.token), env={"PYTHONWARNINGS": "ignore"}
        )
        if await client.wait():
            for call in board.calls[-5:]:
                print(f"  after {call[:2]}")
            raise SystemExit("pyral does not work against the fake")


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
