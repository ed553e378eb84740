"""British dates with a clock of 24 hours, as the rest of the house has it."""
