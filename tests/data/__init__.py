"""Tests of this layer, on a real database."""
