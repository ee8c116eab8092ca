/** Requests for an operation of the document. */
import fc, { type Arbitrary } from 'fast-check';
import type { Operation, Parameter, Schema } from './document.ts';
import { almost, hostile, valid } from './values.ts';

export interface FuzzRequest {
  operation: Operation;
  /** Path and query. */
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Things that exist, by the name of the parameter that takes them. */
export type Known = Record<string, readonly string[]>;

/** @param good a body that the operation takes, where one is hard to hit upon */
export function requestsFor(
  operation: Operation,
  known: Known,
  tokens: readonly string[],
  good?: unknown,
): Arbitrary<FuzzRequest> {
  const { method, path, parameters, body } = operation;
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  return fc
    .record({
      names: fc.tuple(...inPath.map((one) => pathValue(one, known[one.name] ?? []))),
      query: queryOf(inQuery, known),
      token: fc.oneof(
        { weight: 8, arbitrary: fc.constant(tokens[0]) },
        fc.constantFrom(...tokens, 'wrong', undefined),
      ),
      sent: method === 'GET' || method === 'DELETE' ? fc.constant(undefined) : bodyOf(body, good),
      event: fc.constantFrom(undefined, '0-0', '1-1', 'x', '9999999999999999-0'),
    })
    .map(({ names, query, token, sent, event }) => {
      const place = inPath.reduce((url, one, n) => url.replace(`{${one.name}}`, names[n] as string), path);
      return {
        operation,
        url: place + query,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(sent?.type === undefined ? {} : { 'content-type': sent.type }),
          ...(path.endsWith('/events') && event ? { 'last-event-id': event } : {}),
        },
        body: sent?.text,
      };
    });
}

function pathValue({ schema }: Parameter, known: readonly string[]): Arbitrary<string> {
  const bad = hostile.map(textOf).filter((text) => text !== '');
  const good = known.length > 0 ? fc.constantFrom(...known) : valid(schema).map(String);
  return fc
    .oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: valid(schema).map(String) }, bad)
    .map(escaped);
}

/** Objects without a prototype have no String(). */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Half a surrogate can't be percent-encoded. An empty segment would be another route. */
function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed().slice(0, 3_000)) || 'x';
}

function queryOf(parameters: Parameter[], known: Known): Arbitrary<string> {
  const each = parameters.map(({ name, schema, required }) => {
    const good = valid(schema, known[name] ?? []).map(String);
    const value = fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: hostile.map(textOf) });
    const given = value.map((text) => [`${encodeURIComponent(name)}=${escaped(text)}`]);
    return fc.oneof({ weight: required ? 12 : 1, arbitrary: given }, fc.constant<string[]>([]));
  });
  const odd = fc.constantFrom(['__proto__[x]=1'], ['a'], ['&&'], ['limit=1&limit=2'], ['x=%zz'], ['=']);
  const more = fc.oneof({ weight: 12, arbitrary: fc.constant<string[]>([]) }, odd);
  return fc.tuple(...each, more).map((parts) => {
    const all = parts.flat();
    return all.length > 0 ? `?${all.join('&')}` : '';
  });
}

interface Sent {
  type: string | undefined;
  text: string | undefined;
}

const JSON_TYPE = 'application/json';

function bodyOf(schema: Schema | undefined, good: unknown): Arbitrary<Sent> {
  const asJson = (value: unknown): Sent => ({ type: JSON_TYPE, text: JSON.stringify(value) });
  const none = fc.constant<Sent>({ type: undefined, text: undefined });
  const raw = fc.constantFrom<Sent>(
    { type: JSON_TYPE, text: '' },
    { type: JSON_TYPE, text: '{' },
    { type: JSON_TYPE, text: '{"a":1}}' },
    { type: JSON_TYPE, text: '{"__proto__":{"x":1}}' },
    { type: JSON_TYPE, text: '{"constructor":{"prototype":{"x":1}}}' },
    { type: JSON_TYPE, text: '{"dataset":"daily","dataset":"weekly"}' },
    { type: JSON_TYPE, text: `${'['.repeat(5_000)}${']'.repeat(5_000)}` },
    { type: JSON_TYPE, text: `{"x":"${'x'.repeat(300_000)}"}` },
    { type: JSON_TYPE, text: '\ufeff{}' },
    { type: `${JSON_TYPE}; charset=utf-16`, text: '{}' },
    { type: 'text/plain', text: '{}' },
    { type: 'application/x-www-form-urlencoded', text: 'a=b' },
    { type: 'multipart/form-data; boundary=x', text: '--x--' },
    { type: 'x', text: '{}' },
    { type: undefined, text: '{}' },
  );
  if (!schema) return fc.oneof({ weight: 5, arbitrary: none }, hostile.map(asJson), raw);
  return fc.oneof(
    { weight: good === undefined ? 0 : 1, arbitrary: fc.constant(asJson(good)) },
    { weight: 6, arbitrary: valid(schema).map(asJson) },
    { weight: 4, arbitrary: almost(schema).map(asJson) },
    { weight: 2, arbitrary: hostile.map(asJson) },
    { weight: 1, arbitrary: raw },
    { weight: 1, arbitrary: none },
  );
}
