// Uses the types of openapi-typescript with openapi-fetch. Prints each status, one a line.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const headers = { Authorization: `Bearer ${process.env.COACHBOT_API_KEY}` };
const client = createClient<paths>({ baseUrl: process.env.COACHBOT_URL!, headers });
const limited = createClient<paths>({ baseUrl: process.env.LIMITED_URL!, headers });

async function submit(phone: string, fields: { metadata?: { [name: string]: unknown }; email?: string } = {}) {
  const body = { name: "Jane Doe", phone, consent: true as const, ...fields };
  const answer = await client.POST("/api/public/leads", { body });
  console.log(answer.response.status);
  return answer;
}

const first = await submit(process.env.PHONE!, { metadata: { a: [1, { b: null }] }, email: "jane@acme.com" });
const params = { path: { lead_id: first.data!.leadId } };
const read = await client.GET("/api/public/leads/{lead_id}", { params });
console.log(read.response.status);
if (!read.data!.lead.metadata.a) throw new Error("metadata is lost");
const refused = await submit("no number");
if (refused.error!.issues![0]!.path[0] !== "phone") throw new Error("issues are lost");
await submit(process.env.PHONE!);
console.log((await limited.GET("/api/public/leads/{lead_id}", { params })).response.status);
await submit(process.env.REFUSED_PHONE!);
