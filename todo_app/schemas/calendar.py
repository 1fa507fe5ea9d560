"""The days of a calendar, as they go out."""

import datetime as dt

from todo_app.schemas.fields import Output
from todo_app.schemas.tasks import TaskView


class CalendarEntry(Output):
    """A task on a day. `to_come`: a later date of a recurring task, which is not due before its next one is done."""

    day: dt.date
    task: TaskView
    to_come: bool
