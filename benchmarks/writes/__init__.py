"""What `benchmarks/write_path.py` measures: the product's way of saving, and its rivals'."""
