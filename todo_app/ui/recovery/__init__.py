"""`/reset`, `/new-password` and `/confirm`: what is asked for by mail, and what a mailed link leads to."""
