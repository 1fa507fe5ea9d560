"""Pieces that pages are made of; presentation only."""
