"""PostgreSQL, NATS and the four services on one machine, from wheels, with state in one folder."""
