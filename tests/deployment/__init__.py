"""What stands in deployment/ agrees with the code, and its own tools accept it."""
