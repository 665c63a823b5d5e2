"""What is on somebody's disk: told before anything of it is taken, and nothing of it is stored."""
