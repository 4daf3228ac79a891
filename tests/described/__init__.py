"""Whatever is sent to the API, it answers as its document says."""
