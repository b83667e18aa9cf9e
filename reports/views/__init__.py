"""Pages of reports, periods and consolidations."""
