"""What is shown when a page does not exist or fails."""
