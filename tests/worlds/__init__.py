"""Two worlds: answers to one caller are equal when the worlds differ only in what he may not read."""
