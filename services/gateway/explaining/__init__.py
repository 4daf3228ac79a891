"""Why somebody sees a record, and who else may: the label rule, said in words."""
