"""Dialogs that ask back: when, where to, which labels, which priority."""
