"""A flexible rotor on two short journal bearings, integrated in time from first principles."""
