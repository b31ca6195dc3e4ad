"""Tests of `data/engine/`."""
