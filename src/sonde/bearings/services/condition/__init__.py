"""The condition of machines: alarms, trends, health, remaining life, feeds and reports."""
