"""Follow the tracker a team keeps its work in: connect, preview, read along, write back."""
