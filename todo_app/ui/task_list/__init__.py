"""The lists of tasks: `/inbox` and `/completed`."""
