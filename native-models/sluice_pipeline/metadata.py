"""Metadata of materializations: tables and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dagster as dg

Cell = str | int | float | bool | None


def table(columns: Mapping[str, str], rows: Sequence[Sequence[Cell]]) -> dg.TableMetadataValue:
    """
    Return a table that Dagster's page shows.

    Parameters
    ----------
    columns : mapping of str to str
        Name of a column -> its type (`string`, `int`, `float`, `bool`).
    rows : sequence of sequences
        The cells, in the order of the columns.
    """
    schema = dg.TableSchema(columns=[dg.TableColumn(name, type) for name, type in columns.items()])
    records = [dg.TableRecord(dict(zip(columns, row, strict=True))) for row in rows]
    return dg.MetadataValue.table(records=records, schema=schema)


def share(part: float | None) -> str:
    """Return a share as a percentage; a dash where there is none."""
    return "–" if part is None else f"{100 * part:.2f} %"
