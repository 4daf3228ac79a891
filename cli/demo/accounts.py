"""The demo's accounts: the personas who sign in, and a loader for each organisation that writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.client import Credentials
from cli.demo.audiences import writers
from cli.demo.material import FOLDER
from cli.demo.memory import Memory
from deploy.local.errors import LocalError
from deploy.local.layout import POLICY, Layout
from deploy.local.outside import database_url, databases_of
from deploy.local.postgres import Postgres
from deploy.local.state import State, remembered_state
from services.gateway.access.opening import OperatorAccess, open_desk
from services.gateway.access.personas import Persona, read_personas
from services.gateway.access.provision import Provision, provision
from shared.key_ring import KeyRing
from shared.policy import load_policy
from shared.roles import Role

REGISTRAR = "loader-registrar"
FIRST_ORGANISATION = "mission-headquarters"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Makes accounts in the gateway, as an operator would."""

    var: Path

    async def make(
        self, personas: Sequence[Persona], memory: Memory, organisations: Mapping[str, str]
    ) -> Memory:
        """The memory with the accounts' logins in it. `organisations`: record id by key."""
        state = self._state()
        known = Provision(state.mission, organisations, memory.lines)
        async with open_desk(self._access(state)) as desk:
            return memory.with_lines(await provision(desk, known, personas))

    def _state(self) -> State:
        state = remembered_state(Layout(self.var))
        if state is None or not state.exercise:
            raise LocalError("The demo is loaded into an exercise only: ./parley up --demo")
        return state

    def _access(self, state: State) -> OperatorAccess:
        layout = Layout(self.var)
        admin = database_url() or Postgres(layout, state.ports["postgres"]).admin_url
        databases = databases_of(layout, state, admin)
        return OperatorAccess(
            databases.url("gateway", "app"),
            databases.url("keystore", "gateway"),
            KeyRing(layout.secrets / "kek-gateway.key"),
            load_policy(POLICY),
        )


def signing_in() -> tuple[Persona, ...]:
    return read_personas(FOLDER / "personas.toml")


def registrar() -> Persona:
    """Registers the first organisation, before there is one to act for."""
    return Persona(
        id=REGISTRAR,
        name="Demo loader",
        organisation=REGISTRAR,
        roles=(Role.LOADER,),
        communities=("mission",),
        level="unclassified",
        username=REGISTRAR,
    )


def loader(organisation: str) -> str:
    """The loader that writes for an organisation."""
    return f"loader-{organisation}"


def approver(organisation: str) -> str:
    """The second person of an organisation that writes: nobody approves what he planned himself."""
    return f"approver-{organisation}"


def loaders() -> list[Persona]:
    """Two for each organisation that writes, holding what its persona holds."""
    writing = {writer.organisation for writer in writers()}
    personas = {
        one.organisation: one for one in reversed(signing_in()) if one.organisation in writing
    }
    return [
        _as_loader(one, named(one.organisation))
        for one in personas.values()
        for named in (loader, approver)
    ]


def credentials(memory: Memory, account: str) -> Credentials:
    line = memory.lines[account]
    return Credentials(line["client_id"], line["client_secret"])


def _as_loader(persona: Persona, account: str) -> Persona:
    changed = {"id": account, "username": account, "roles": (Role.LOADER,)}
    return persona.model_copy(update=changed | {"name": "Demo loader"})
