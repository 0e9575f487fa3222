"""Coding beyond one process: partitions of files on local processes or a Dask cluster, and the same coder in Spark."""

from timeline.cluster.partitions import Partition, PartitionRun, Settings, code_partitions, load_coder, make_partitions
from timeline.cluster.shared_files import fetch_file, is_address, list_addresses
from timeline.cluster.spark import CODED_DDL, code_batches

__all__ = [
    "CODED_DDL",
    "Partition",
    "PartitionRun",
    "Settings",
    "code_batches",
    "code_partitions",
    "fetch_file",
    "is_address",
    "list_addresses",
    "load_coder",
    "make_partitions",
]
