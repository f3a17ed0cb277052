"""What is true: facts, arithmetic, use cases. Has never heard of Slack, HTTP serving, the clock or YAML."""
