"""Statements judged: goals derived, claims tried in every reading they may have, mistakes explained."""
