"""The pages with a list of tasks: inbox, Today, Upcoming, Completed, a project, a label, search."""
