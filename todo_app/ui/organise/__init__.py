"""How projects, sections, labels and filters are made, changed, put in order and deleted; what filters and days find."""
