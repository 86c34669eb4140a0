"""What of the standard library costs a small run too much, made quicker."""
