/** Values for a schema: those that it takes, those that it nearly takes, and those that nobody should. */
import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './document.ts';

const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e999',
  '../../etc/passwd',
  '%2e%2e%2f',
  "'; drop table daily; --",
  '{{7*7}}',
  '<script>alert(1)</script>',
  '\ud800',
  '日线😀\u202e',
  '\r\nset-cookie: a=b',
  '0000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '99999999',
  '00000000',
  'x'.repeat(5_000),
];
const HOSTILE_NUMBERS = [-1, 0, -0, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, Number.MIN_VALUE];

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));
const hostileKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  'a b',
  '\0',
  'x'.repeat(300),
);

/** Any JSON, nasty parts preferred. */
export const hostile: Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    hostileText,
    fc.constantFrom<unknown>(...HOSTILE_NUMBERS, null, true, false),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(hostileKey, tie('any'), { maxKeys: 3 }),
  ),
})).any;

/** What the schema takes. Names that mean something come from `known`. */
export function valid(schema: Schema, known: readonly string[] = []): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valid(one, known)));
  if (schema.type === 'object') return object(schema);
  if (schema.type === 'array') {
    const { items = {}, minItems = 0, maxItems = 4 } = schema;
    return fc.array(valid(items, known), {
      minLength: minItems,
      maxLength: Math.max(minItems, Math.min(maxItems, 4)),
    });
  }
  if (schema.type === 'integer') {
    const { minimum = -(2 ** 31), maximum = 2 ** 31 } = schema;
    return fc.integer({ min: minimum, max: maximum });
  }
  if (schema.type === 'number') {
    const { minimum = -1e6, maximum = 1e6 } = schema;
    return fc.double({ min: minimum, max: maximum, noNaN: true });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'string') return text(schema, known);
  return hostile;
}

function text(
  { format, pattern, minLength = 0, maxLength = 40 }: Schema,
  known: readonly string[],
): Arbitrary<string> {
  const made =
    format === 'date-time'
      ? fc
          .date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2100-01-01') })
          .map((date) => date.toISOString())
      : pattern
        ? fc.stringMatching(new RegExp(pattern))
        : fc.string({ minLength, maxLength: Math.min(maxLength, 60) });
  return known.length > 0 ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, made) : made;
}

function object({ properties = {}, required = [], patternProperties }: Schema): Arbitrary<unknown> {
  const named = Object.entries(properties).map(([name, one]) => [name, valid(one, knownOf(name))] as const);
  const record = fc.record(Object.fromEntries(named), { requiredKeys: required });
  if (!patternProperties) return record;
  const more = fc.dictionary(
    fc.constantFrom('start_date', 'end_date', 'ts_code', 'dates', 'missing', 'x'),
    fc.oneof(fc.constantFrom<unknown>('20260105', '20260109', '000001.SZ', true, 5), hostile),
    { maxKeys: 3 },
  );
  return fc.tuple(record, more).map(([one, other]) => ({ ...one, ...other }));
}

/** Names inside bodies that lead somewhere. */
function knownOf(name: string): string[] {
  if (name === 'dataset' || name === 'datasets') return ['daily', 'stock_basic', 'trade_cal', 'income'];
  return [];
}

/** One thing in it is wrong: left out, of another type, or too much. */
export function almost(schema: Schema): Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {});
  if (names.length === 0) return hostile;
  return fc
    .tuple(
      valid(schema),
      fc.constantFrom(...names),
      hostile,
      fc.constantFrom('drop', 'change', 'add'),
      hostileKey,
    )
    .map(([value, name, bad, how, key]) => {
      if (typeof value !== 'object' || value === null) return bad;
      const changed: Record<string, unknown> = { ...value };
      if (how === 'drop') delete changed[name];
      else
        Object.defineProperty(changed, how === 'add' ? key : name, {
          value: bad,
          enumerable: true,
          configurable: true,
        });
      return changed;
    });
}
