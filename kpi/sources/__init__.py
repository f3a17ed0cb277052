"""Where facts come from: one folder per outside system."""
