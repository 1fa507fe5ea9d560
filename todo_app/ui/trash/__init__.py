"""`/trash`."""
