"""What a person sees and touches, in a real browser with the screen of a phone."""
