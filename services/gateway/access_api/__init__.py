"""The API of access administration: /v1/access."""
