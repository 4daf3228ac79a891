"""The event store on PostgreSQL: the source of truth, and the outbox the relay reads."""
