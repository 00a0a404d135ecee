"""What creators read: pure functions from the business's values to text and buttons."""
