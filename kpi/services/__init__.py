"""Use cases: what the product does, one module for each topic."""
