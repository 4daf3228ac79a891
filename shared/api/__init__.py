"""What partners may send: the request of every write, once. Services parse with it, the gateway documents it."""
