"""The menu of a row."""
