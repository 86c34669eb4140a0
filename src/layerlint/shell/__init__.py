"""The text of one RUN to the commands that it runs, in order, worked out without running anything."""
