from django.db import connection

_NEXT = """
INSERT INTO hall_serial (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = hall_serial.last + 1
RETURNING last
"""


def next_serial(series: str) -> int:
    """The next number of a series. Its row stays locked to the end of the transaction: no gap and no repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        serial: int = cursor.fetchone()[0]
    return serial
