// Takes a form on your site and sends it to Coachbot. Node 18 or newer, no packages.
// COACHBOT_URL, COACHBOT_API_KEY and PORT come from the environment.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const URL = process.env.COACHBOT_URL.replace(/\/+$/, "") + "/api/public/leads";
const KEY = process.env.COACHBOT_API_KEY;
const ATTEMPTS = 3;
const PATIENCE = 20_000; // milliseconds in all

// What was typed, without the invisible characters that pasting brings along.
function visible(text) {
  return text.replace(/\p{Cf}/gu, "").trim();
}

// Sends a form's fields. Returns the status and the JSON for your page.
export async function submitLead(form) {
  const lead = {
    name: form.name ?? "",
    phone: visible(form.phone ?? ""),
    email: form.email ?? "",
    goal: form.goal ?? "",
    consent: ["on", "true", "yes"].includes(form.consent),
  };
  const headers = {
    Authorization: `Bearer ${KEY}`,
    "Content-Type": "application/json",
    "Idempotency-Key": randomUUID(),
  };
  const end = Date.now() + PATIENCE;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let answer = null;
    let body = {};
    try {
      const signal = AbortSignal.timeout(20_000);
      answer = await fetch(URL, { method: "POST", headers, body: JSON.stringify(lead), signal });
      body = await answer.json();
    } catch {
      answer = null; // no answer, or one that is no JSON
    }
    const status = answer?.status ?? 0;
    if (status === 201 || body.error === "duplicate_phone") {
      // A duplicate is a success: the lead is there already.
      return [200, { ok: true, leadId: answer.headers.get("Location").split("/").pop() }];
    }
    if (status === 400) return [422, { ok: false, fields: messages(body) }];
    const mayPass = [0, 429].includes(status) || status >= 500;
    const pause = 1000 * Number(answer?.headers.get("Retry-After") ?? 2 ** attempt);
    if (!mayPass || attempt === ATTEMPTS - 1 || Date.now() + pause > end) {
      console.error("Coachbot:", status, body); // for your log, with what to keep and send later
      break;
    }
    await sleep(pause);
  }
  return [503, { ok: false, message: "Please try again later." }];
}

// Returns a message for each field of the form that has to be corrected.
function messages(body) {
  if (!body.issues) return { consent: body.error };
  return Object.fromEntries(body.issues.map((issue) => [issue.path[0], issue.message]));
}

createServer(async (request, response) => {
  let form = "";
  for await (const part of request) form += part;
  const [status, answer] = await submitLead(Object.fromEntries(new URLSearchParams(form)));
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer));
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
