"""What is shown of many posts at once."""
