"""Signing in by the word of a provider (OpenID Connect Core 1.0): authorization code with PKCE."""
