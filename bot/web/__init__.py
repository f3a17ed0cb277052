"""What the world reaches us by: Slack's requests and socket, REST, health."""
