"""The dashboard: pages rendered on the server for one reader at a time."""
