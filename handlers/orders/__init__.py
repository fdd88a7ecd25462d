"""Orders and questions in plain words, and the words of the field: each leads to a command."""
