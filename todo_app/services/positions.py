"""Order by hand: a row's place among others is a key between its neighbours' keys, so that moving one row writes one row.

Keys are compared byte by byte. A new row goes to the top or to the end of its list with a key made from the clock, which needs no
look at what is there; a row put between two others gets the shortest key between theirs.
"""

from datetime import datetime

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_WIDTH = 10  # enough microseconds for some 26,000 years
_LAST = _BASE**_WIDTH - 1
# Keys from the clock leave room before, between and after; none ends in 0, before which no key would fit.
_TOP, _END, _TAIL = "M", "n", "V"


def _number(value: int) -> str:
    digits = ""
    for _ in range(_WIDTH):
        value, digit = divmod(value, _BASE)
        digits = _DIGITS[digit] + digits
    return digits


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def at_top(moment: datetime) -> str:
    """A key before every key made earlier by this function."""
    return _TOP + _number(_LAST - _microseconds(moment)) + _TAIL


def at_end(moment: datetime) -> str:
    """A key after every key made earlier by this function, and after all of `at_top`."""
    return _END + _number(_microseconds(moment)) + _TAIL


def between(before: str, after: str | None) -> str:
    """The shortest key after `before` ("": the beginning) and before `after` (None: the end). Needs `before < after`."""
    key = ""
    while True:
        low = _DIGITS.index(before[0]) if before else 0
        high = _DIGITS.index(after[0]) if after else _BASE
        if high - low > 1:
            return key + _DIGITS[(low + high) // 2]
        if high == low:
            before, after = before[1:], after[1:] if after else None
        elif after and len(after) > 1:
            return key + after[0]
        else:
            before, after = before[1:], None
        key += _DIGITS[low]
