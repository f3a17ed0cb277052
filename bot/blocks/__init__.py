"""Pure: values in, Block Kit out. No client, no store."""
