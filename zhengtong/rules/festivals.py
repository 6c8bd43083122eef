"""The statutory days of a year by law alone (全国年节及纪念日放假办法); knows no notice and no swapped day."""

from datetime import date, timedelta
from functools import cache

FIRST_YEAR, LAST_YEAR = 2000, 2060  # what the lunar table below covers

# Solar month and day of 正月初一, 五月初五 and 八月十五. Two independent lunar calendars agreed on every entry.
_LUNAR = """
2000 0205 0606 0912  2001 0124 0625 1001  2002 0212 0615 0921  2003 0201 0604 0911  2004 0122 0622 0928
2005 0209 0611 0918  2006 0129 0531 1006  2007 0218 0619 0925  2008 0207 0608 0914  2009 0126 0528 1003
2010 0214 0616 0922  2011 0203 0606 0912  2012 0123 0623 0930  2013 0210 0612 0919  2014 0131 0602 0908
2015 0219 0620 0927  2016 0208 0609 0915  2017 0128 0530 1004  2018 0216 0618 0924  2019 0205 0607 0913
2020 0125 0625 1001  2021 0212 0614 0921  2022 0201 0603 0910  2023 0122 0622 0929  2024 0210 0610 0917
2025 0129 0531 1006  2026 0217 0619 0925  2027 0206 0609 0915  2028 0126 0528 1003  2029 0213 0616 0922
2030 0203 0605 0912  2031 0123 0624 1001  2032 0211 0612 0919  2033 0131 0601 0908  2034 0219 0620 0927
2035 0208 0610 0916  2036 0128 0530 1004  2037 0215 0618 0924  2038 0204 0607 0913  2039 0124 0527 1002
2040 0212 0614 0920  2041 0201 0603 0910  2042 0122 0622 0928  2043 0210 0611 0917  2044 0130 0531 1005
2045 0217 0619 0925  2046 0206 0608 0915  2047 0126 0529 1004  2048 0214 0615 0922  2049 0202 0604 0911
2050 0123 0623 0930  2051 0211 0613 0919  2052 0201 0601 0907  2053 0219 0620 0926  2054 0208 0610 0916
2055 0128 0530 1005  2056 0215 0617 0924  2057 0204 0606 0913  2058 0124 0625 1002  2059 0212 0614 0921
2060 0202 0603 0909
"""
_LUNAR_BY_YEAR = {int(year): days for year, *days in zip(*[iter(_LUNAR.split())] * 4, strict=True)}


def _qingming(year: int) -> date:
    """清明: 4 or 5 April by the solar-term formula that holds for 2000–2099."""
    two_digits = year % 100
    return date(year, 4, int(two_digits * 0.2422 + 4.81) - two_digits // 4)


# Days off that one notice gave to one year: the 70th anniversary of victory (国发明电〔2015〕1号).
_ONCE = {date(2015, 9, 3): "抗日战争胜利纪念日"}


@cache
def statutory_days(year: int) -> dict[date, str]:
    """Days off for everyone (全体公民放假的节日, art. 2) by date, in the version in force that year: 13 since 2025.

    Where 中秋 falls on a 国庆 day the two share one date and one entry. Do not change the dictionary.
    """
    spring, dragon_boat, mid_autumn = (date(year, int(entry[:2]), int(entry[2:])) for entry in _LUNAR_BY_YEAR[year])
    spring_days: range
    labour_days: tuple[int, ...]
    if year >= 2025:  # Order 795 of 2024: with 除夕 and 2 May
        spring_days, labour_days = range(-1, 3), (1, 2)
    elif year >= 2014:  # Order 644 of 2013: without 除夕
        spring_days, labour_days = range(3), (1,)
    elif year >= 2008:  # Order 513 of 2007: 除夕 comes in, and the three lunar festivals
        spring_days, labour_days = range(-1, 2), (1,)
    else:  # Order 270 of 1999
        spring_days, labour_days = range(3), (1, 2, 3)
    days = [
        (date(year, 1, 1), "元旦"),
        *((spring + timedelta(days=offset), "春节") for offset in spring_days),
        *((date(year, 5, day), "劳动节") for day in labour_days),
        *((date(year, 10, day), "国庆节") for day in (1, 2, 3)),
    ]
    if year >= 2008:
        days += [(_qingming(year), "清明节"), (dragon_boat, "端午节"), (mid_autumn, "中秋节")]
    named: dict[date, str] = {}
    for on, name in sorted(days):
        named[on] = f"{named[on]}、{name}" if on in named else name
    return named | {on: name for on, name in _ONCE.items() if on.year == year}
