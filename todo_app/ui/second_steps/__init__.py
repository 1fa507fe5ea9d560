"""Two-step sign-in and passkeys, on the page `/settings`."""
