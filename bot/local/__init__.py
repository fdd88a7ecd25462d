"""A web room on this machine, to try everything without credentials: three people, four teams."""
