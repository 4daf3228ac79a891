"""Who may come in: people, their clients, sessions and tokens."""
