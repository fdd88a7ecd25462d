"""What several features show: views another feature draws, buttons that lead there, form checks."""
