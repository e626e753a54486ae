"""The judge: decides equations by exact arithmetic and at fifty digits; knows no derivative rule."""
