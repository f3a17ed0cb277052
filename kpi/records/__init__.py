"""What a row of each file, batch or form says: columns, kinds of value and keys, the same wherever it comes from."""
