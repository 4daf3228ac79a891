"""What others generate from our documents, made anew and tried against a running gateway."""
