"""The page of machines: trends, alarms, health and remaining life."""
