"""How fast it is: `make bench` measures it beside its peers, in one run, and writes RESULTS.md."""
