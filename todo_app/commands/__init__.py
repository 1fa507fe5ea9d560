"""What `python -m todo_app …` does, a module per command. `make` calls these."""
