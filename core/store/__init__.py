"""Where state lives: the models, the database with its one writer, and the vault."""
