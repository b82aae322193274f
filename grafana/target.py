"""A panel's question to ClickHouse, as Grafana's ClickHouse plugin stores it."""

from __future__ import annotations

from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.cog import variants as cogvariants
from grafana_foundation_sdk.models.dashboard import DataSourceRef

DATASOURCE_TYPE = "grafana-clickhouse-datasource"
DATASOURCE_UID = "ioc-clickhouse"
PLUGIN_VERSION = "4.10.0"
FORMATS = {"timeseries": 0, "table": 1}


def datasource() -> DataSourceRef:
    """The data source all panels ask; pushed under this uid."""
    return DataSourceRef(type_val=DATASOURCE_TYPE, uid=DATASOURCE_UID)


class Dataquery(cogvariants.Dataquery):
    """One SQL query."""

    def __init__(self, sql: str, shape: str) -> None:
        self.sql, self.shape = sql, shape

    def to_json(self) -> dict[str, object]:
        """The query as the plugin reads it."""
        return {
            "refId": "A",
            "datasource": {"type": DATASOURCE_TYPE, "uid": DATASOURCE_UID},
            "editorType": "sql",
            "queryType": self.shape,
            "format": FORMATS[self.shape],
            "rawSql": self.sql,
            "pluginVersion": PLUGIN_VERSION,
        }


class Target(cogbuilder.Builder[Dataquery]):
    """Builds a `Dataquery`; the SDK's panels take builders.

    Args:
        sql: the query, with the plugin's macros.
        shape: ``timeseries`` (a ``time`` column, label columns, number columns) or ``table``.
    """

    def __init__(self, sql: str, shape: str) -> None:
        self._query = Dataquery(sql, shape)

    def build(self) -> Dataquery:
        """The finished query."""
        return self._query
