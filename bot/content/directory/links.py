"""Which rows point to which."""

from collections.abc import Iterable

from bot.content.directory.tables import Row, Tables

# Keys that we never follow backwards.
_ONE_WAY = frozenset({"taxonomy_term_id", "program_id"})


class Links:
    """The rows of a directory by their ids and by the ids they point to."""

    def __init__(self, tables: Tables) -> None:
        self._by_id: dict[tuple[str, str], Row] = {}
        self._pointing: dict[tuple[str, str, str], list[Row]] = {}
        for table, rows in tables.rows.items():
            for row in rows:
                if row["id"]:
                    self._by_id.setdefault((table, row["id"]), row)
                for key in row.values:
                    if key.endswith("_id") and key not in _ONE_WAY:
                        for one in row.ids(key):
                            self._pointing.setdefault((table, key, one), []).append(row)

    def known(self, table: str, ids: Iterable[str]) -> list[Row]:
        """The rows with these ids, those that are there."""
        found = [self._by_id.get((table, one)) for one in ids]
        return [row for row in found if row]

    def to(self, table: str, key: str, target: str) -> list[Row]:
        """The rows of a table that point to something by a key."""
        return self._pointing.get((table, key, target), []) if target else []

    def of_organization(self, table: str, row: Row) -> list[Row]:
        """The rows of a table that belong to the same organization as a service."""
        owners = row.ids("organization_id")
        return [one for owner in owners for one in self.to(table, "organization_id", owner)]
