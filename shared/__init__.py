"""What every service shares and no service owns: the kernel, the contracts and the label rule."""
