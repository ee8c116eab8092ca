import { randomUUID } from 'node:crypto';
import type { Answer, Call } from './answer.ts';
import type { Refusal } from './tushare-errors.ts';

/**
 * The JSON body of an answer, keys in the order of the bodies recorded in 2025. Put together as text: the rows are
 * JSON already, and a whole-market answer has 5,500 of them. `count` is -1, as recorded: it is never a total.
 */
export function successBody(answer: Answer): string {
  const fields = JSON.stringify(answer.fields);
  const data = `{"fields":${fields},"items":[${answer.rows.join(',')}],"has_more":${answer.hasMore},"count":-1}`;
  return `{"request_id":"${randomUUID()}","code":0,"data":${data},"msg":""}`;
}

/** The JSON body of a refusal: `data` is null and the HTTP status is 200 all the same. */
export function refusalBody({ code, msg }: Refusal): string {
  return JSON.stringify({ request_id: randomUUID(), code, data: null, msg });
}

/** Reads a request body. Null when it is no JSON object. `path` may name the API: /dataapi/<api_name>. */
export function readCall(text: string, path: string): Call | null {
  const body = parseObject(text);
  if (!body) return null;
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(asObject(body.params))) {
    if (value !== null && value !== undefined && value !== '') params[name] = String(value);
  }
  const inPath = path.match(/^\/dataapi\/([^/?]+)/)?.[1];
  const names = Array.isArray(body.fields) ? body.fields.map(String) : String(body.fields ?? '').split(',');
  return {
    api_name: String(body.api_name ?? inPath ?? ''),
    token: String(body.token ?? ''),
    params,
    fields: names.map((name) => name.trim()).filter((name) => name !== ''),
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
