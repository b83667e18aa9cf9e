"""The project on top: settings, addresses, schedule, shell of the pages."""
