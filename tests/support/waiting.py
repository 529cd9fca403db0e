"""The one place where test scripts wait: for a condition, with a deadline that fails loudly."""

import time


def until(condition, what, seconds=10.0):
    """Calls `condition` until it returns something true, and returns that. Raises when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.01)
