"""What is seen and heard: recordings and their captions."""
