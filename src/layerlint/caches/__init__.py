"""The commands of one RUN to a ledger: which caches they fill, and what is left of them when the layer closes."""
