"""What do organisers and venues' people see of editions, bookings and venues?"""
