"""Servers that are killed, or run out of disk, while viewers pass the gate."""
