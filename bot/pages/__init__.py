"""What all our web pages share: how they are drawn, guarded and held in bounds."""
