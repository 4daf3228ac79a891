"""Valid examples, one for every request and every answer: shown in the API's description, tried by tests."""
