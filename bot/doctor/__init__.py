"""The doctor: looks a set-up through, changes nothing, and says what to do."""
