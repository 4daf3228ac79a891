"""The demo: an exercise with invented people, told through the gateway under the scenario's clock."""

from cli.demo.loading import load

__all__ = ["load"]
