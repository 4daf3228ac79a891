"""Reading as a persona, as plain text."""

from tests.security.conftest import House


async def ask(house: House, persona: str, path: str, *, page: bool = False) -> str:
    """The answer's body, whatever the status."""
    seat, house.hiding.number = house.seats[persona], house.hiding.number + 1
    await seat.sit_down(house.hiding.number, pages=True)
    headers = {"Cookie": seat.cookie} if page else {"Authorization": f"Bearer {seat.token}"}
    async with house.world.http.get(path, headers=headers, allow_redirects=False) as answer:
        return await answer.text()
