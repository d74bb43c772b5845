"""What a workspace stores about its accounts at providers, sealed."""
