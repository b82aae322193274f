"""The kernel every other package stands on: errors, settings, records, catalogue and the command line."""
