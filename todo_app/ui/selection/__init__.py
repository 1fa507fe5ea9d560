"""What is done to one task or to many at once, and the toolbar for the selected ones."""
