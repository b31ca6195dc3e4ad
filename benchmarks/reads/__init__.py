"""The parts of `benchmarks/read_path.py`."""
