"""YAML and TOML files as data, with the place of every key, held against a model."""
