"""What follows what: one file per business event. The order of the lines is the documentation."""
