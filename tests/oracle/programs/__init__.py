"""The same for package managers that run on this machine: RUNs on top of its own files, and what each adds to them."""
