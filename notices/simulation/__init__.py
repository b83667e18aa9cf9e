"""A year of reminding, with everything that can break broken: for the tests, the benchmark and `simulate_year`."""
