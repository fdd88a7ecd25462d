"""One workspace in which every kind of card stands, and the scenes that press what is on them."""
