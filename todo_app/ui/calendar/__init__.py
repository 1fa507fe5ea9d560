"""A project as a calendar: a month or a week."""
