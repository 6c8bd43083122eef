"""Changes to scores: `tables` (tables and peer groups), `locking` (lock, recount, publish), `disputes` (marks, appeals)."""
