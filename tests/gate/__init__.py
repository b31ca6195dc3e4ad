"""What the gate decides, tested on the real database and real servers."""
