"""What a repository says: what git ignores, and what files were at a commit."""
