"""What comes in (unknown fields refused) and what goes out; pages and API share these."""
