"""Signing in on a tracker's own page: what each vendor asks for, and tokens that renew."""
