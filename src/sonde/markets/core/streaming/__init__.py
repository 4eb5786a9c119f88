"""What clients of the live stream ask for, and what waits to be sent to them."""
