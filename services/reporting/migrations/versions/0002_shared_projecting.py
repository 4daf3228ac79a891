"""Replicas that share projections, events somebody passed over, and rebuilds that go on."""

from pathlib import Path

from shared.migrate import run_sql

revision = "0002"
down_revision = "0001"

HERE = Path(__file__).parents[1]


def upgrade() -> None:
    run_sql((HERE / "shared_projecting.sql").read_text(encoding="utf-8"))
