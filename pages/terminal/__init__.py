"""What operators see in a terminal: the commands of `python app.py`."""
