"""A tracker within Hone: to try one in five minutes, and what the contract of all is read from."""
