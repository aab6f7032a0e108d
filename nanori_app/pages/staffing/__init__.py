"""Pages about how many people are needed and who is there: days, forecasts, shifts, the pool, adherence."""
