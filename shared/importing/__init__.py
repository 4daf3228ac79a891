"""Files of other systems, understood: which column holds what, and each row as what a partner would send."""
