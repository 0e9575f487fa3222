"""What counting needs of an event table, as arrays in memory: a fifth of the time of counting the files' rows.

Sixteen bytes or so an event, in order of time. A filter becomes rows once, and every count of a page is of these.
"""
