"""`/login` and `/signup`, and the form posts that begin and end a session."""
