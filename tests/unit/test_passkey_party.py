"""Where passkeys work: at a host name that nobody can listen in to."""

import pytest

from services.gateway.passkeys.party import Party, party_of


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("https://parley.example", Party("parley.example", "https://parley.example")),
        ("https://Parley.example:443/", Party("parley.example", "https://parley.example")),
        ("https://parley.example:8443", Party("parley.example", "https://parley.example:8443")),
        ("http://localhost:8080", Party("localhost", "http://localhost:8080")),
        ("http://localhost:80", Party("localhost", "http://localhost")),
    ],
)
def test_a_name_behind_tls_or_this_very_machine_has_them(address: str, party: Party) -> None:
    assert party_of(address) == party


@pytest.mark.parametrize(
    "address",
    [
        "http://parley.example",
        "https://192.0.2.7",
        "http://127.0.0.1:8080",
        "https://[2001:db8::1]",
        "https://",
    ],
)
def test_a_number_or_a_name_anybody_could_answer_for_has_none(address: str) -> None:
    assert party_of(address) is None
