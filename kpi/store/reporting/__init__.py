"""What analysts read with their own tools: views of the schema `reporting`, and a role that can read nothing else."""
