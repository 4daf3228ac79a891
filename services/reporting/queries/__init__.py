"""Every question to the read model, one file each. All carry the label predicate of `predicate.py`."""
