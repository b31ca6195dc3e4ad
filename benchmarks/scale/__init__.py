"""The statements that `benchmarks/scale_data.py` makes its account with."""
