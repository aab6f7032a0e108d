"""Carriers that the telephony room can speak to: the real one and the simulated one."""
