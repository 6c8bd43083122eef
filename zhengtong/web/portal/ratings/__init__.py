"""好差评 at the public door: rate a service, see one's own ratings, read what is published."""
