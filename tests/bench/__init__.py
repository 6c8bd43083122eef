"""Speed as ratios within one run, on one machine: `make bench`. Never part of the tests."""
