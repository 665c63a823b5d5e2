"""Real servers that tests lean on: started once a run, on loopback, ended with it."""
