"""What is true: rules as statements, nothing but entries; `book` holds the whole table."""
