"""Jobs: exports and imports that go on after their request was answered."""
