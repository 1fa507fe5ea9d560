"""The line that adds tasks."""
