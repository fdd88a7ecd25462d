"""Azure Boards: projects and teams by their area paths, writes that test the revision first."""
