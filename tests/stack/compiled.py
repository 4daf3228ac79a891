"""What templates were compiled to, for all gateways of one process."""

from collections import defaultdict
from collections.abc import Callable

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from services.gateway.web.languages import Language

Making = Callable[..., Environment]


class Compiled(BytecodeCache):
    """By name and source."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def sharing(making: Making) -> Making:
    """Makes environments that share it by language: what is constant is worked out when it is compiled."""
    compiled: defaultdict[str, Compiled] = defaultdict(Compiled)

    def made(assets: object, chosen: Language, strings: object) -> Environment:
        environment = making(assets, chosen, strings)
        environment.bytecode_cache = compiled[chosen.code]
        return environment

    return made
