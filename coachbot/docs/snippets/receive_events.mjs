// Receives the events of Coachbot: verifies each, drops what came before, and answers at once.
//
// npm install standardwebhooks

import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.COACHBOT_WEBHOOK_SECRET); // whsec_...
const LARGEST_BODY = 1024 * 1024;
// In your system: a column with a unique constraint. An event comes at least once, not only once.
const seen = new Set();

// Do what is to be done, or better: put it into a queue. Coachbot waits 15 seconds.
function handle(event) {
  console.log(event.type, event.data.lead?.id, event.data.sequence);
}

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST_BODY) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function answer(request) {
  // The text as it came: JSON that is read and written again has another signature.
  const body = await bodyOf(request);
  if (body === null) return 413;
  try {
    webhook.verify(body, request.headers);
  } catch {
    return 401; // not right, too old, or no signature at all
  }
  const id = request.headers["webhook-id"];
  if (!seen.has(id)) {
    handle(JSON.parse(body));
    seen.add(id); // after it is done: else a failure would lose it
  }
  return 204;
}

const server = createServer(async (request, response) => {
  try {
    response.statusCode = request.method === "POST" ? await answer(request) : 405;
  } catch (error) {
    console.error(error);
    response.statusCode = 500; // Coachbot sends it again
  }
  response.end();
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
