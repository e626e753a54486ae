"""What an editor asks while somebody writes a note, answered by the language server protocol."""
