"""What other tools know of a backlog: read, matched with what is here, merged, saved."""
