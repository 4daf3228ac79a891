"""How NATS is configured: who may publish and subscribe to what."""
