"""What a note says: the statements of blocks and of prose, what their words do with them, and what is known of letters."""
