"""The forms of what is done with a commitment: whatever is left empty is no fault."""

import pytest

from services.gateway.web.commitment_form import STEPS, step_body
from services.gateway.web.forms import Form


@pytest.mark.parametrize(("told", "meant"), [("0", 0), ("3", 3), ("", None), ("12", None)])
def test_progress_is_one_of_four_or_not_said(told: str, meant: int | None) -> None:
    body = step_body(Form({"progress": told}), STEPS["progress"], lambda typed: None, "en")
    assert body["progress"] == meant
