"""The version, where it costs nothing to read: asking the installed package's metadata takes as long as a small run."""

VERSION = "0.1.0"
