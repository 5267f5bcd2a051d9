"""What shape do the desk's questions about editions, bookings and venues have? The rules stand in domain/."""
