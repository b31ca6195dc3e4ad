"""How fast it is, measured: each prints ours beside its named baselines, from one run."""
