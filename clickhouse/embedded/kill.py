"""KILL QUERY by the id that a client chose: the engine gives every query an id of its own, so we look in another place."""

from __future__ import annotations

from clickhouse.sql import Token

# A setting that carries a query's id to system.processes. It needs a string that nothing reads: this one is for tables
# of Kafka's and its like, which the embedded server does not offer.
MARK = "stream_like_engine_insert_queue"
CANCEL = f"KILL QUERY WHERE Settings['{MARK}'] = {{id:String}} ASYNC"

_ID = f"if(Settings['{MARK}'] = '', query_id, Settings['{MARK}'])"


def is_kill(found: list[Token]) -> bool:
    """Whether the statement is KILL QUERY."""
    return len(found) > 1 and found[0].is_word("KILL") and found[1].is_word("QUERY")


def by_own_id(text: str, found: list[Token]) -> str:
    """A KILL QUERY whose condition means by `query_id` the id that clients know.

    Args:
        text: the statement.
        found: its tokens.
    """
    for token in reversed(found):
        quoted = token.kind == "name" and token.text[1:-1] == "query_id"
        if quoted or token.is_word("QUERY_ID"):
            text = text[: token.start] + _ID + text[token.end :]
    return text
