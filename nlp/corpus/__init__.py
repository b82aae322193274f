"""The project's own Vietnamese stance corpus: what was written (train/, test/, frames.toml) and what is built (corpus.tsv)."""
