"""The ``ioc`` command: one module a group of commands."""
