"""The command palette: whatever can be done or shown, by typing a part of its name."""
