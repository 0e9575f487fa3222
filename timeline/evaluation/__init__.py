"""How right the coder is, measured on labelled text: tasks, figures with intervals, confusions and errors.

Gold is JSON Lines, one object a line; offsets are characters of `text`, the end excluded; days are ISO. Every row
has `id`, unique in its file; a row may have `set`, and each set then gets figures of its own. By task:

    timex        text, published (day or null), timexes: [{start, end, type, value}], TIMEX3
    event-dates  text, published, events: [{id, start, end, date}]; `date` is a day, month or year, and an answer is
                 right if all of it lies inside. In place of `date` may stand `anchor` as EventTime writes it: a day,
                 after2020-03-01, before2020-03-05, or both joined; an answer to a bare day must be that day
    relations    text, source and target ({start, end}, or null where the text names none), root (an event type;
                 YIELD holds both CONCEDE and RETREAT), quad (1 to 4; by default that of the type)
    endtoend     text, published, quad (0 to 4; 0 nothing to code), spans: [{role, start, end}] with role S source,
                 T target, R both
    actors       text (a phrase), on (a day or null), country and sector, "" for none; either may be absent
    realis       text, published, events: [{id, start, end, realis}]

Predictions are made by our coder, or read from such a file: `id` and timexes; dates [{event, start, end}];
event_type and quad; codings [{quad, sources [{start, end}], targets}]; found, country, sector; realis [{event,
realis}]. A row without a prediction counts as wrong. `dct` is understood as `published`.
"""

from timeline.evaluation.evaluate import TASKS, evaluate, predict_all, read_rows
from timeline.evaluation.task import Evaluation, Mistake, Task

__all__ = ["TASKS", "Evaluation", "Mistake", "Task", "evaluate", "predict_all", "read_rows"]
