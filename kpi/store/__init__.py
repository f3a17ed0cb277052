"""The only SQL: the tables, the store that opens transactions, and one module for each topic."""
