"""The province as data: agencies, administrative units, indicators and sources, each a TOML file."""
