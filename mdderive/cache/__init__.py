"""What was found earlier, by its content: unchanged notes and blocks are not read, derived or judged again."""
