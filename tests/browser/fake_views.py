"""Saved views in memory, with the audience rule of the gateway's tables."""

from dataclasses import dataclass, field, replace

from services.gateway.web.ports import SavedView
from shared.errors import NotFoundError
from shared.principal import Principal


@dataclass
class FakeViews:
    kept: dict[str, tuple[Principal, SavedView]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)

    async def listed(self, principal: Principal) -> list[SavedView]:
        home = self.homes.get(principal.subject)
        return [
            replace(view, mine=owner.subject == principal.subject, is_home=view.view_id == home)
            for owner, view in self.kept.values()
            if owner.subject == principal.subject
            or (view.audience == "organisation" and owner.organisation == principal.organisation)
        ]

    async def save(self, principal: Principal, name: str, address: str, audience: str) -> None:
        view_id = f"view{len(self.kept)}"
        view = SavedView(view_id, name, address, audience, mine=True, is_home=False)
        self.kept[view_id] = (principal, view)

    async def rename(self, principal: Principal, view_id: str, name: str) -> None:
        view = self._own(principal, view_id)
        self.kept[view_id] = (principal, replace(view, name=name))

    async def delete(self, principal: Principal, view_id: str) -> None:
        self._own(principal, view_id)
        del self.kept[view_id]
        self.homes = {who: one for who, one in self.homes.items() if one != view_id}

    async def begin_with(self, principal: Principal, view_id: str | None) -> None:
        self.homes.pop(principal.subject, None)
        if view_id is not None:
            self.homes[principal.subject] = view_id

    def _own(self, principal: Principal, view_id: str) -> SavedView:
        owner, view = self.kept.get(view_id, (None, None))
        if owner is None or view is None or owner.subject != principal.subject:
            raise NotFoundError
        return view
