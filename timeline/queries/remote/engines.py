"""The engines that tables can lie on: how each is opened by its address, asked in SQL, and told to go away.

An engine takes SQL that ibis made and gives Arrow back; each is reached through its own driver, an extra of the
package. Passwords stay out of what is shown: `address` names the engine without one.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

import pyarrow as pa

from timeline.errors import EngineError
from timeline.queries.remote.star import SCHEMAS

_MOST_WORDS = 300  # of a driver's own message


class Engine(Protocol):
    """What the queries need of an engine."""

    @property
    def address(self) -> str:
        """Its address without a password, for people."""

    @property
    def dialect(self) -> str:
        """Ibis' name of its SQL."""

    @property
    def metered(self) -> bool:
        """Whether reading costs money, so that nothing may be read unasked."""

    def read(self, sql: str) -> pa.Table:
        """The result of a query; raises EngineError."""

    def columns(self, table: str) -> tuple[str, ...] | None:
        """The names of a table's columns, None if there is no such table; raises EngineError."""

    def allow(self, number: int) -> None:
        """Let that many bytes more be read, where it is metered."""

    def close(self) -> None:
        """Leave it."""


class _Free:
    """An engine that costs nothing to ask."""

    metered = False

    def allow(self, number: int) -> None:
        """Everything is allowed."""


@dataclass(frozen=True, slots=True)
class Address:
    """An engine's address in its parts: `scheme://host:port/path?name=value`."""

    parts: SplitResult
    options: Mapping[str, str]

    @property
    def shown(self) -> str:
        """The address without user and password."""
        host = self.parts.netloc.rpartition("@")[2]
        query = f"?{self.parts.query}" if self.parts.query else ""
        return f"{self.parts.scheme}://{host}{self.parts.path}{query}"  # `urlunsplit` drops the slashes of no host

    def folder(self, text: str) -> Path:
        """A folder named in the address."""
        return Path(text).expanduser()


def read_address(url: str, schemes: tuple[str, ...]) -> Address:
    """An address taken apart.

    Raises:
        EngineError: It is none, its engine is not among the schemes, or an option is given twice.
    """
    try:
        parts = urlsplit(url.strip())
        options = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError as error:
        raise EngineError(f"the engine's address cannot be read: {error}") from None
    if parts.scheme not in schemes or not url.partition("://")[1]:
        allowed = ", ".join(f"{scheme}://" for scheme in schemes)
        raise EngineError(f"no engine is reached by {parts.scheme or url[:40]!r}; an address begins with {allowed}")
    if twice := sorted(name for name, values in options.items() if len(values) > 1):
        raise EngineError(f"the engine's address gives {', '.join(twice)} more than once; which is meant?")
    return Address(parts, {name: values[0] for name, values in options.items()})


def load_driver(module: str, extra: str) -> Any:
    """A driver's module; raises EngineError that says how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise EngineError(
            f"this engine needs {module.split('.', maxsplit=1)[0]}: pip install 'event-timeline[{extra}]' ({error})"
        ) from error


@contextlib.contextmanager
def explained(shown: str, action: str, *kinds: type[BaseException]) -> Iterator[None]:
    """Turn a driver's own errors into one for the user, in a line."""
    try:
        yield
    except kinds as error:
        words = " ".join(str(error).split())[:_MOST_WORDS]
        raise EngineError(f"{shown}: cannot {action}: {words}") from error


class DuckEngine(_Free):
    """DuckDB: a database file that nobody is writing, or a folder of Parquet as `export tables` writes it."""

    dialect = "duckdb"

    def __init__(self, address: Address) -> None:
        self.address = address.shown
        self._duckdb = load_driver("duckdb", "engines")
        path = address.folder(address.parts.netloc + address.parts.path)
        options = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        with explained(self.address, "open it", self._duckdb.Error):
            if address.parts.scheme == "duckdb":
                if not path.is_file():
                    raise EngineError(f"{self.address}: there is no such file; write duckdb:///folder/file.duckdb")
                self._connection = self._duckdb.connect(str(path), read_only=True, config=options)
            else:
                self._connection = self._duckdb.connect(config=options)
                self._connection.execute("SET enable_progress_bar = false")
                for name, files in list_parquet(path).items():
                    source = str(files / "*.parquet").replace("'", "''")
                    self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{source}')")

    def read(self, sql: str) -> pa.Table:
        with explained(self.address, "ask it", self._duckdb.Error), self._connection.cursor() as cursor:
            return cursor.sql(sql).to_arrow_table()

    def columns(self, table: str) -> tuple[str, ...] | None:
        with explained(self.address, "ask it", self._duckdb.Error), self._connection.cursor() as cursor:
            rows = cursor.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
        return tuple(row[0] for row in rows) or None

    def close(self) -> None:
        self._connection.close()


class PostgresEngine(_Free):
    """PostgreSQL through ADBC, which gives Arrow as it is; a connection for each query that runs at the same time."""

    dialect = "postgres"

    def __init__(self, address: Address) -> None:
        self.address = address.shown
        self._driver = load_driver("adbc_driver_postgresql.dbapi", "postgresql")
        self._schema = address.options.get("schema", "public")
        kept = "&".join(f"{name}={value}" for name, value in address.options.items() if name != "schema")
        self._uri = urlunsplit(("postgresql", address.parts.netloc, address.parts.path, kept, ""))
        self._idle: list[Any] = []
        self._lock = threading.Lock()
        with self.connection():
            pass

    @contextlib.contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection of the caller's own; kept for the next if nothing went wrong."""
        with self._lock:
            found = self._idle.pop() if self._idle else None
        if found is None:
            with explained(self.address, "connect", self._driver.Error):
                found = self._driver.connect(self._uri, autocommit=True)
        try:
            with explained(self.address, "ask it", self._driver.Error):
                yield found
        except BaseException:
            with contextlib.suppress(self._driver.Error):
                found.close()
            raise
        with self._lock:
            self._idle.append(found)

    def read(self, sql: str) -> pa.Table:
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.execute(_plan_whole(sql))
            return cursor.fetch_arrow_table()

    def columns(self, table: str) -> tuple[str, ...] | None:
        query = (
            "SELECT column_name::text FROM information_schema.columns"
            " WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position"
        )
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.execute(query, (self._schema, table))
            return tuple(row[0] for row in cursor.fetchall()) or None

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def _plan_whole(sql: str) -> str:
    """The query with what it names beforehand (WITH) planned as part of it.

    PostgreSQL writes such a part out where it is used twice, then knows nothing of its rows: of a million events it
    took five thousand to be left, and looked each of the rest up by itself, five times as long.
    """
    sqlglot = importlib.import_module("sqlglot")
    tree = sqlglot.parse_one(sql, dialect="postgres")
    for part in tree.find_all(sqlglot.exp.CTE):
        part.set("materialized", False)
    return str(tree.sql(dialect="postgres"))


class SparkEngine(_Free):
    """Spark: tables of a database in its catalogue, or a folder of Parquet that all its workers see.

    `spark://host:7077/database` is a cluster, `sc://host:15002/database` one through Spark Connect, and
    `spark://local/database` this machine.
    """

    dialect = "pyspark"

    def __init__(self, address: Address) -> None:
        self.address = address.shown
        sql = load_driver("pyspark.sql", "spark")
        java = (importlib.import_module("py4j.protocol").Py4JError,) if _has("py4j") else ()
        spark: type[BaseException] = load_driver("pyspark.errors", "spark").PySparkException
        self._errors: tuple[type[BaseException], ...] = (spark, RuntimeError, OSError, *java)
        register_options()
        with explained(self.address, "start a session", *self._errors):
            self._session = _spark_builder(sql.SparkSession.builder, address).getOrCreate()
            self._database = address.parts.path.strip("/") or "default"
            self._folder = address.options.get("parquet", "")
            if self._folder:
                for name in SCHEMAS:
                    frame = self._session.read.parquet(f"{self._folder.rstrip('/')}/{name}")
                    frame.createOrReplaceTempView(name)

    def read(self, sql: str) -> pa.Table:
        with explained(self.address, "ask it", *self._errors):
            return self._session.sql(sql).toArrow()

    def columns(self, table: str) -> tuple[str, ...] | None:
        name = table if self._folder else f"{self._database}.{table}"
        with explained(self.address, "ask it", *self._errors):
            return tuple(self._session.table(name).columns) if self._session.catalog.tableExists(name) else None

    def close(self) -> None:
        self._session.stop()


def register_options() -> None:
    """Load what ibis needs to write Spark's SQL: it looks up options of its own backend while compiling."""
    ibis = importlib.import_module("ibis")
    _ = ibis.pyspark


def list_parquet(folder: Path) -> dict[str, Path]:
    """The folders of the star's tables in a folder; raises EngineError naming those that are missing."""
    found = {name: folder / name for name in SCHEMAS}
    missing = [name for name, files in found.items() if not any(files.glob("*.parquet"))]
    if missing:
        raise EngineError(
            f"{folder}: no Parquet files of {', '.join(missing)}; write them with: timeline export tables {folder}"
        )
    return found


def _spark_builder(builder: Any, address: Address) -> Any:
    host = address.parts.netloc
    if address.parts.scheme == "sc":
        return builder.remote(f"sc://{host}")
    builder = builder.appName("event-timeline").config("spark.ui.enabled", "false")
    if host.partition(":")[0] == "local":
        return builder.master("local[*]").config("spark.sql.shuffle.partitions", "2")
    return builder.master(f"spark://{host}")


def _has(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


OPENERS: Mapping[str, Callable[[Address], Engine]] = {
    "duckdb": DuckEngine,
    "parquet": DuckEngine,
    "postgresql": PostgresEngine,
    "postgres": PostgresEngine,
    "spark": SparkEngine,
    "sc": SparkEngine,
}
