"""What a person types after the command: words to a request, and a request back to words."""
