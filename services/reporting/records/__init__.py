"""What viewers see of each kind: events folded to documents. Pure; no SQL, no clock."""
