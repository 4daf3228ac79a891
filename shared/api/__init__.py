"""What partners may send: the request of every write, once, for services and gateway alike."""
