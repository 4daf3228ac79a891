"""Fault: the connection breaks while the outcome of COMMIT is unknown. Promise: applied once, told truly."""

import pytest

from shared.eventstore.errors import CommandAlreadyApplied
from shared.eventstore.store import open_store
from shared.eventstore.verify import verify_store
from tests.service.conftest import StoreAddress
from tests.stack.cutting_proxy import cutting_proxy
from tests.stack.events import an_append


async def test_an_append_whose_answer_was_lost_is_found_by_its_command_and_not_repeated(
    store_address: StoreAddress,
) -> None:
    async with cutting_proxy(store_address.app) as proxy, open_store(proxy.url) as store:
        await store.append(an_append())
        proxy.lose_next_answer()
        append = an_append(command=b"lost answer")
        with pytest.raises(CommandAlreadyApplied) as caught:
            await store.append(append)
        assert caught.value.found.record_id == append.stream_id
        assert [event.version for event in await store.load(append.stream_id)] == [1]
        assert await verify_store(store, lambda _: None) == []
