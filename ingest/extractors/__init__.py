"""One file a format. Dropping a module in here is all it takes: the registry looks for them."""
