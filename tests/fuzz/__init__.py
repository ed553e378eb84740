"""Long random tests: `make fuzz` runs them at full length, the suite a few hundred of each."""
