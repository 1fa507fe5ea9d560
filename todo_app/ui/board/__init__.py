"""A project as a board: the groups of its list (ui/task_list) side by side."""
