// The judge of the call window, on made-up logs: 10 slots, 20 windows of 60 s, calls of 200 ms.
import t from 'tap';
import type { Holding } from './lost-slots.ts';
import { type Observed, verdictOf } from './verdict.ts';

const LIMIT = 10;
const WINDOW_MS = 60_000;
const LATENCY_MS = 200;
const USE_MS = WINDOW_MS + LATENCY_MS;
const WINDOWS = 20;
/** A slot whose process is killed in a call comes free so long after it was taken. */
const EXPIRES_MS = 94_000;

type Call = Observed['arrivals'][number];

/** One slot that is used again as soon as it may be. @param late after its call number 5 it is free so much later */
function slot(number: number, late = 0): Call[] {
  const first = (number * USE_MS) / LIMIT;
  const calls = Array.from({ length: WINDOWS }, (_, call) => ({
    at: first + call * USE_MS + (call > 5 ? late : 0),
    id: `${number}-1-${call}`,
  }));
  return calls.filter(({ at }) => at < WINDOWS * USE_MS);
}

/** @param slots those that differ from the perfect ones, by their number */
function judged(slots: Record<number, Call[]> = {}, rest: Partial<Observed> = {}) {
  const all = Array.from({ length: LIMIT }, (_, number) => slots[number] ?? slot(number));
  const arrivals = all.flat().toSorted((a, b) => a.at - b.at);
  return verdictOf({
    limit: LIMIT,
    windowMs: WINDOW_MS,
    latencyMs: LATENCY_MS,
    arrivals,
    checkedAt: () => undefined,
    endedAt: (id) => (arrivals.find((call) => call.id === id)?.at ?? 0) + LATENCY_MS,
    holdings: [],
    waits: [5, 700],
    burstMs: 100,
    ...rest,
  });
}

/** Slot 3's process dies 100 ms after its call number 5 has arrived. */
function killed(heldMs: number): Partial<Observed> {
  const call = slot(3)[5] as Call;
  const at = call.at + 100;
  const holding: Holding = { calls: '3-', at, slots: [heldMs - 100] };
  return { holdings: [holding], endedAt: (id) => (id === call.id ? undefined : 0) };
}

t.test('every slot used as soon as it may be: nothing is lost', async (t) => {
  t.match(judged(), {
    ok: true,
    faults: [],
    lost_slot_seconds: 0,
    held_slot_seconds: 0,
    utilisation: 0.9967,
  });
});

t.test(
  'what a killed holder held is lost, and no more: the window of its own call is not counted twice',
  async (t) => {
    const verdict = judged({ 3: slot(3, EXPIRES_MS - USE_MS) }, killed(EXPIRES_MS));
    t.match(verdict, { ok: true, lost_slot_seconds: 34, held_slot_seconds: 34 });
  },
);

t.test('the call of a killed holder never arrived: all of its slot is put down to it', async (t) => {
  const without = slot(3, EXPIRES_MS - USE_MS).filter(({ id }) => id !== '3-1-5');
  const verdict = judged({ 3: without }, killed(EXPIRES_MS));
  t.match(verdict, { lost_slot_seconds: 94, held_slot_seconds: 94 });
});

t.test('a slot that is lost for 5 windows though nobody held it is a fault', async (t) => {
  const lost = { 3: slot(3, 5 * USE_MS) };
  const fault = /more slot-seconds were lost than killed and frozen holders held/;
  t.match(judged(lost), { ok: false, lost_slot_seconds: 301 });
  t.match(judged(lost).faults.join(), fault);
  t.match(judged(lost, killed(EXPIRES_MS)).faults.join(), fault, 'a kill does not excuse more than it held');
  t.notMatch(judged(lost, killed(6 * USE_MS)).faults.join(), fault, 'unless the killed one held as much');
});

t.test(
  'what was held before the first window was over, or after the last call, excuses nothing',
  async (t) => {
    const holdings = [
      { calls: 'x-', at: 0, slots: [USE_MS] },
      { calls: 'x-', at: WINDOWS * USE_MS, slots: [USE_MS] },
    ];
    t.match(judged({}, { holdings }), { ok: true, held_slot_seconds: 0 });
  },
);

t.test(
  'a call that came too early is one, unless its process was paused after the check of its permit',
  async (t) => {
    const early = {
      3: slot(3).map((call) => (call.id === '3-1-9' ? { ...call, at: call.at - 3_000 } : call)),
    };
    t.match(judged(early), { ok: false, violations: 1, most_in_any_window: 11, paused_before_write: 0 });
    t.match(judged(early).faults.join(), /1 calls came too early/);
    const at = slot(3)[9]?.at ?? 0;
    const checkedAt = (id: string) => (id === '3-1-9' ? at - 3_000 - 600 : undefined);
    t.match(judged(early, { checkedAt }), { violations: 0, most_in_any_window: 11, paused_before_write: 1 });
  },
);

t.test('people who wait, a slow burst and a window that stands half empty are faults', async (t) => {
  const waits = Array.from({ length: 100 }, (_, call) => (call < 2 ? 2_500 : 10));
  t.match(judged({}, { waits }), { ok: false, people_wait_p50_ms: 10, people_wait_p99_ms: 2_500 });
  t.match(
    judged({}, { waits: waits.with(0, 10) }),
    { ok: true, people_wait_p99_ms: 10 },
    'one of a hundred may',
  );
  t.match(judged({}, { burstMs: 2_500 }).faults.join(), /a full window after an idle one/);
  t.match(judged({ 1: [], 2: [], 3: [], 4: [], 5: [] }).faults.join(), /utilisation is below 0.99/);
});
