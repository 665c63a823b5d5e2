"""What the doors share: who asks, what a URL says, files, the problem table, counting."""
