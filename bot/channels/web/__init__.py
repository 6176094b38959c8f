"""The kiosk: a page that works for everyone, on a machine everyone shares."""
