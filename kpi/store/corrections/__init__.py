"""What was stored is put right: rows found by their keys, joined, moved, removed, and their days counted again."""
