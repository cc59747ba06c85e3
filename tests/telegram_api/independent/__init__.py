"""A Bot API that others wrote, for what our own emulator and our channel might misread alike.

It is npm's telegram-test-api (MIT) behind `server.js`, which fills in what aiogram cannot do without.
`make crosscheck` fetches it and runs the tests with the marker `independent`; no other run needs it.
"""

from tests.telegram_api.independent.worker import Said, Worker, emulator, is_here

__all__ = ["Said", "Worker", "emulator", "is_here"]
