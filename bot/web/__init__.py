"""The pages a phone opens and the addresses that other servers call."""
