"""Passkeys of people with local accounts (Web Authentication, Level 3), where the gateway has a host name."""
