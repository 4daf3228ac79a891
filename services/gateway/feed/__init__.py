"""View changes as they happen: the feed, its pull twin, and the pages' live stream."""
