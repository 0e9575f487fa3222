"""BigQuery, where reading costs money: every query is weighed first and runs only within what its user has allowed.

`bigquery://billing-project/project.dataset` holds the star; `…/gdelt-bq.gdeltv2?from=…&to=…` is GDELT's public table.
Credentials are Google's own (`gcloud auth application-default login`).
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from timeline.errors import EngineError, UnconfirmedQueryError
from timeline.queries.remote.engines import Address, explained, load_driver
from timeline.queries.remote.gdelt import GDELT_TABLE, NEEDED, load_gdelt_names, make_gdelt_star
from timeline.queries.remote.opening import check_columns
from timeline.queries.remote.star import make_star
from timeline.queries.remote.tables import RemoteTables
from timeline.store.project import Project

_GDELT = "gdelt-bq.gdeltv2"
_ROUNDING = 100_000_000  # billing rounds up to 10 MB for each table that a query names
_KEPT = 256 << 20  # bytes of answers at hand
_UNITS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


class BigQueryEngine:
    """A dataset, asked through a client; tests give one of their own.

    `allow` says how much may be read. A query that would read more than is left is not run: it raises
    UnconfirmedQueryError with what it would read. What was read is kept and not paid for twice: a question that takes
    several queries begins anew each time the next of them is agreed to.
    """

    dialect = "bigquery"
    metered = True

    def __init__(self, address: str, dataset: str, client: Any, job_config: Any) -> None:
        self.address = address
        self._dataset = dataset
        self._client = client
        self._config = job_config
        self._left = 0
        self._answers: OrderedDict[str, pa.Table] = OrderedDict()
        self._lock = threading.Lock()

    def allow(self, number: int) -> None:
        """Let that many bytes more be read."""
        with self._lock:
            self._left += number

    def weigh(self, sql: str) -> int:
        """The bytes that a query would read, from a dry run, which is free."""
        with explained(self.address, "weigh a query", Exception):
            job = self._client.query(sql, job_config=self._config(dry_run=True, use_query_cache=False))
            return int(job.total_bytes_processed)

    def read(self, sql: str) -> pa.Table:
        with self._lock:
            if (known := self._answers.get(sql)) is not None:
                return known
        weight = self.weigh(sql)
        with self._lock:
            if weight > self._left:
                raise UnconfirmedQueryError(
                    f"{self.address}: the next query reads {say_bytes(weight)}, of which {say_bytes(self._left)}"
                    " are allowed; nothing was read",
                    weight,
                )
            self._left -= weight
        with explained(self.address, "ask it", Exception):
            job = self._client.query(sql, job_config=self._config(maximum_bytes_billed=weight + _ROUNDING))
            answer = job.result().to_arrow(create_bqstorage_client=False)
        self._keep(sql, answer)
        return answer

    def columns(self, table: str) -> tuple[str, ...] | None:
        listed = {item.table_id for item in self._call("list its tables", self._client.list_tables, self._dataset)}
        if table not in listed:
            return None
        found = self._call("look at a table", self._client.get_table, f"{self._dataset}.{table}")
        return tuple(field.name for field in found.schema)

    def close(self) -> None:
        self._client.close()

    def _keep(self, sql: str, answer: pa.Table) -> None:
        with self._lock:
            self._answers[sql] = answer
            while len(self._answers) > 1 and sum(table.nbytes for table in self._answers.values()) > _KEPT:
                self._answers.popitem(last=False)

    def _call(self, action: str, call: Any, name: str) -> Any:
        with explained(self.address, action, Exception):
            return call(name)


def open_bigquery(address: Address, project: Project) -> RemoteTables:
    """Open a dataset; see `open_engine`.

    Raises:
        EngineError: The address lacks a part, GDELT's dates are missing, or the dataset lacks tables or columns.
    """
    billing, dataset = address.parts.netloc, address.parts.path.strip("/")
    if not billing or dataset.count(".") != 1:
        raise EngineError(f"{address.shown}: write bigquery://billing-project/project.dataset")
    window = read_window(address.options) if dataset == _GDELT else None
    bigquery = load_driver("google.cloud.bigquery", "bigquery")
    with explained(address.shown, "connect", Exception):
        client = bigquery.Client(project=billing)
    engine = BigQueryEngine(address.shown, dataset, client, bigquery.QueryJobConfig)
    return open_dataset(engine, dataset, window, project)


def open_dataset(
    engine: BigQueryEngine, dataset: str, window: tuple[dt.date, dt.date] | None, project: Project
) -> RemoteTables:
    """The tables of a dataset: the star, or with a window of days GDELT's."""
    catalogue, _, name = dataset.partition(".")
    if window is None:
        check_columns(engine)
        return RemoteTables(engine, make_star(name, catalogue), project)
    found = engine.columns(GDELT_TABLE) or ()
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise EngineError(f"{engine.address}: missing {', '.join(missing)} in the table {GDELT_TABLE}")
    return RemoteTables(engine, make_gdelt_star(*window, catalogue, name), project, load_gdelt_names)


def read_window(options: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    """First and last day on which GDELT added the events, from the options `from` and `to`.

    Raises:
        EngineError: One is missing or no day, or they are in the wrong order: the whole table is never read.
    """
    try:
        first, last = (dt.date.fromisoformat(options[name]) for name in ("from", "to"))
    except (KeyError, ValueError):
        raise EngineError(
            "GDELT's table is read for a period only: add days to the address, like ?from=2020-03-01&to=2020-03-07"
        ) from None
    if last < first:
        raise EngineError(f"the period ends before it begins: {first} to {last}")
    return first, last


def say_bytes(number: int) -> str:
    """A number of bytes for people, in the units of the bill: 1,500,000 is 1.5 MB."""
    return next((f"{number / size:.3g} {unit}" for size, unit in _UNITS if number >= size), f"{number} bytes")
