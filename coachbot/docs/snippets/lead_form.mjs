// Takes a form on your site and sends it to Coachbot. Node 18 or newer, no packages.
// COACHBOT_URL, COACHBOT_API_KEY and PORT come from the environment.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const { COACHBOT_URL, COACHBOT_API_KEY, PORT = "8080" } = process.env;
if (!COACHBOT_URL || !COACHBOT_API_KEY) throw new Error("Set COACHBOT_URL and COACHBOT_API_KEY.");
const ADDRESS = COACHBOT_URL.replace(/\/+$/, "") + "/api/public/leads";
const ATTEMPTS = 3;
const PATIENCE = 20_000; // milliseconds in all

// Drops what cannot be seen and comes along when a phone is pasted. Coachbot reads the rest.
function visible(text) {
  return text.replace(/\p{Cf}/gu, "");
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
  const key = randomUUID();
  const end = Date.now() + PATIENCE;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { status, headers, body } = await post(lead, key);
    if (status === 201 || body.error === "duplicate_phone") {
      // A duplicate is a success: the lead is there already.
      return [200, { ok: true, leadId: headers.get("Location")?.split("/").pop() ?? "" }];
    }
    const fields = messages(body);
    if (Object.keys(fields).length) return [422, { ok: false, fields }];
    const mayPass = status === 0 || status === 429 || status >= 500;
    const after = headers.get("Retry-After") ?? "";
    const pause = 1000 * (/^\d+$/.test(after) ? Number(after) : 2 ** attempt);
    if (!mayPass || attempt === ATTEMPTS - 1 || Date.now() + pause > end) {
      console.error("Coachbot:", status, body); // for your log, with what to keep and send later
      break;
    }
    await sleep(pause);
  }
  return [503, { ok: false, message: "Please try again later." }];
}

// Sends one request. Returns status (0: no answer), headers and body, {} for one without JSON.
async function post(lead, key) {
  try {
    const answer = await fetch(ADDRESS, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${COACHBOT_API_KEY}`,
        "Content-Type": "application/json",
        "Idempotency-Key": key,
      },
      body: JSON.stringify(lead),
      redirect: "manual", // to follow one would make a GET of it
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) };
  } catch (error) {
    return { status: 0, headers: new Headers(), body: { error: String(error.cause ?? error) } };
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// Returns a message for each field of the form that has to be corrected.
function messages(body) {
  if (body.error === "`consent` must be true.") return { consent: body.error };
  const issues = (body.issues ?? []).filter((issue) => issue.path.length);
  return Object.fromEntries(issues.map((issue) => [issue.path[0], issue.message]));
}

createServer(async (request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  let form = "";
  for await (const part of request) form += part;
  const [status, answer] = await submitLead(Object.fromEntries(new URLSearchParams(form)));
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer));
}).listen(Number(PORT), "127.0.0.1");
