"""The panel that shows and edits one task, beside any list."""
