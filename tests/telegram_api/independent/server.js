"use strict";
// Serves telegram-test-api on the loopback and prints the port. It fills in only what aiogram cannot do without.

const http = require("node:http");
const { setTimeout: sleep } = require("node:timers/promises");
const TelegramServer = require("telegram-test-api");

const HOLD = 30_000; // milliseconds that a poll stays open; theirs answers at once
const theirs = new TelegramServer();

function mend(method, answer) {
  const { result } = answer;
  if (method === "getMe") result.is_bot = true;
  if (method === "getUpdates") {
    for (const { callback_query: tap } of result) if (tap) tap.chat_instance = String(tap.message.chat.id);
  }
  return answer;
}

async function handle(request, response) {
  const [, token, method] = /^\/bot([^/]+)\/(\w+)/.exec(request.url) ?? [];
  if (method === "setMyCommands") { // which theirs does not know
    response.setHeader("Content-Type", "application/json").end('{"ok": true, "result": true}');
    return;
  }
  const waits = theirs.storage.userMessages.some((update) => update.botToken === token && !update.isRead);
  if (method === "getUpdates" && !waits) {
    await Promise.race([theirs.waitUserMessage(), sleep(HOLD)]);
  }
  // Express puts its own `json` into the response's prototype, which this one goes before.
  if (method) response.json = (answer) => Object.getPrototypeOf(response).json.call(response, mend(method, answer));
  theirs.webServer(request, response);
}

const server = http.createServer(handle);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
