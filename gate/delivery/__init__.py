"""How a code reaches a viewer: one protocol, one module per way."""
