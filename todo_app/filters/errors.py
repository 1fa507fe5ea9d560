"""What is wrong with a filter, and where."""


class BadFilter(ValueError):
    """A text that is no filter.

    `message` says what is wrong and what to do, in a line. `start` and `end` are the place in characters (code points), the end
    excluded. `suggestion`, if there is one, is what may stand in that place instead.
    """

    def __init__(self, message: str, start: int, end: int, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.suggestion = suggestion


def quoted(text: str) -> str:
    """Somebody's words inside a message, in one line and cut if they are long."""
    words = " ".join(text.split())
    return f"`{words if len(words) <= 40 else words[:39] + '…'}`"
