"""The working calendar as data: each year's holiday notice, loaded by screen or file, and the calendar they make."""
