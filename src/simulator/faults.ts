import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Call } from './answer.ts';
import { REFUSALS, type RefusalName } from './tushare-errors.ts';

/** Faults of the connection, done to whatever would have been answered. */
const DELIVERIES = [
  'hang',
  'slow_body',
  'cut_body',
  'reset',
  'http_502',
  'http_503',
  'html_200',
  'invalid_json',
] as const;

/** Faults in the content of an answer that arrives well. */
const CONTENTS = [
  'truncated',
  'empty',
  'late_publication',
  'duplicate_rows',
  'restated',
  'wrong_types',
  'null_data',
  'no_has_more',
  'body_2026',
  'extra_columns',
  'missing_columns',
  'reordered',
] as const;

export type Delivery = (typeof DELIVERIES)[number];
export type Content = (typeof CONTENTS)[number];

/** Said once, in the answer to a rule that can't be used. */
const KINDS = [...DELIVERIES, ...CONTENTS, 'api_error', 'delay'] as const;

const RuleSchema = Type.Object(
  {
    fault: Type.Enum(KINDS),
    error: Type.Optional(
      Type.Enum(Object.keys(REFUSALS) as RefusalName[], {
        description: 'With api_error: which of TuShare’s refusals.',
      }),
    ),
    api_name: Type.Optional(Type.String({ description: 'Only calls of this API.' })),
    params: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Only calls with these parameters.' }),
    ),
    after: Type.Optional(Type.Integer({ minimum: 0, description: 'Matching calls to leave alone first.' })),
    times: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Calls to hit; without it every one until cleared.' }),
    ),
    latency_ms: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'Wait before the answer; with slow_body: time the body takes to drip.',
      }),
    ),
    rows: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'With truncated: rows left over. With duplicate_rows: rows repeated.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type FaultRule = Static<typeof RuleSchema>;

/** What was sent to the control endpoint can't be used; the message says what was expected. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

interface ActiveRule {
  readonly rule: FaultRule;
  seen: number;
  applied: number;
}

/** The faults that are switched on. The first rule that matches a call and is not used up applies, alone. */
export class Faults {
  #rules: ActiveRule[] = [];

  /** Adds one rule or a list of them. @throws ControlError and adds none when one can't be used. */
  add(given: unknown): void {
    const rules = Array.isArray(given) ? given : [given];
    for (const rule of rules) checkRule(rule);
    this.#rules.push(...rules.map((rule: FaultRule) => ({ rule, seen: 0, applied: 0 })));
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rules with how many calls each matched and hit. */
  list(): (FaultRule & { seen: number; applied: number })[] {
    return this.#rules.map(({ rule, seen, applied }) => ({ ...rule, seen, applied }));
  }

  /** The rule to apply to this call, or null; counts the call. */
  take(call: Call): FaultRule | null {
    for (const active of this.#rules) {
      const { rule } = active;
      if (!matches(rule, call) || active.applied >= (rule.times ?? Infinity)) continue;
      active.seen++;
      if (active.seen <= (rule.after ?? 0)) continue;
      active.applied++;
      return rule;
    }
    return null;
  }
}

function checkRule(rule: unknown): asserts rule is FaultRule {
  const [fault] = Value.Errors(RuleSchema, rule);
  if (!fault && ((rule as FaultRule).fault === 'api_error') === Boolean((rule as FaultRule).error)) return;
  const reason = fault
    ? `${fault.instancePath} ${fault.message}`
    : 'api_error goes with the name of an error';
  throw new ControlError(
    `${reason}. Faults: ${KINDS.join(', ')}. Errors: ${Object.keys(REFUSALS).join(', ')}.`,
  );
}

function matches(rule: FaultRule, call: Call): boolean {
  if (rule.api_name !== undefined && rule.api_name !== call.api_name) return false;
  return Object.entries(rule.params ?? {}).every(([name, value]) => call.params[name] === value);
}

export function isDelivery(fault: string): fault is Delivery {
  return (DELIVERIES as readonly string[]).includes(fault);
}

export function isContent(fault: string): fault is Content {
  return (CONTENTS as readonly string[]).includes(fault);
}
