"""What is known of the image while it is built: who its users are, and what its configuration files say."""
