"""A gateway with duty officers who view as others."""

import re

from tests.service.emergency_world import Signed
from tests.service.gateway_world import World

KEY = re.compile(r'name="key" value="([^"]+)"')
FRAME = 'id="viewing"'


async def got(world: World, who: Signed, path: str, **more: str) -> tuple[int, str]:
    async with world.http.get(path, headers=who.cookie | more, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def sent(world: World, who: Signed, path: str, **fields: str) -> tuple[int, str, str]:
    form = {"csrf_token": who.csrf} | fields
    async with world.http.post(
        path, data=form, headers=who.cookie, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def views_as(world: World, who: Signed, audience: str) -> tuple[int, str, str]:
    _, form = await got(world, who, "/view-as")
    return await sent(world, who, "/view-as", key=KEY.findall(form)[-1], audience=audience)


async def goes_back(world: World, who: Signed, key: str = "back") -> None:
    status, to, _ = await sent(world, who, "/view-as/leave", key=key, next="/map")
    assert (status, to) == (303, "/map")
