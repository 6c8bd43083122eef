"""Every legal number is a versioned row with a source; code holds none."""
