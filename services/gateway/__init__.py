"""The only door: authenticates, renders views, serves the partner API, the feed and the pages."""
