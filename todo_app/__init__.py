"""A to-do app: pages, REST API and rules in one Python package."""

__version__ = "0.1.0"
