"""Rally: projects with their stories, defects and portfolio items; WSJF on portfolio items."""
