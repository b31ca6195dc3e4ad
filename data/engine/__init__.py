"""How the database answers and saves, for whoever asks it through `data/database.py`."""
