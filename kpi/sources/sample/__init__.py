"""A believable portfolio, made from a seed."""
