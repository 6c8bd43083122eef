"""One row per running limit of any subject, computed by rules/clock.py and stored so that lists are index look-ups."""
