"""What the commands do, one file each, callable from Python; heavy imports happen in the function that needs them."""
