// Uses the client of @hey-api/openapi-ts with zod. Prints the status of each request, one a line.
import { createClient } from "./hey-api/client/index.js";
import { readLead, submitLead } from "./hey-api/sdk.gen.js";

const auth = process.env.COACHBOT_API_KEY!;
const client = createClient({ baseUrl: process.env.COACHBOT_URL!, auth });
const limited = createClient({ baseUrl: process.env.LIMITED_URL!, auth });

async function submit(phone: string, fields: Record<string, unknown> = {}) {
  const body = { name: "Jane Doe", phone, consent: true as const, ...fields };
  const answer = await submitLead({ client, body });
  console.log(answer.response.status);
  return answer;
}

const metadata = { a: [1, { b: null }] };
const first = await submit(process.env.PHONE!, { metadata, email: "jane@acme.com" });
const path = { lead_id: first.data!.leadId };
const read = await readLead({ client, path });
console.log(read.response.status);
if ((read.data!.lead.metadata as typeof metadata).a[0] !== 1) throw new Error("metadata is lost");
const refused = await submit("no number");
if (refused.error!.issues![0]!.path![0] !== "phone") throw new Error("issues are lost");
await submit(process.env.PHONE!);
console.log((await readLead({ client: limited, path })).response.status);
await submit(process.env.REFUSED_PHONE!);
