"""The read log: who was shown what, noted where every read passes, proved by events, told to owners."""
