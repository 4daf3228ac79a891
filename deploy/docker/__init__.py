"""What containers run that is no service: secrets, databases, the bus's configuration, the demo."""
