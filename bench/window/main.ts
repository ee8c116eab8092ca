/**
 * `npm run bench:window [-- --seconds 60 --true-seconds 240]`: the call window beside what others offer, in one run, each
 * on a real Redis. 195 calls in 6 s over four processes: a backlog of 60 s each, one contestant after the other, then
 * an idle window and the next burst, which is where fixed windows let through twice as much. Beside them ours at its
 * true size, 195 in 60 s, on a Redis of its own: three calls a second disturb nobody.
 * Some 8 minutes; one JSON line a figure on stdout, progress on stderr. docs/performance.md reads them.
 */
import { parseArgs } from 'node:util';
import { startBench } from '../queue/bench.ts';
import { installPeers } from '../queue/install.ts';
import { CONTESTANTS, dayline, type Window } from './contestants.ts';
import { measure, type Result } from './measure.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, 'true-seconds': { type: 'string', default: '240' } },
});
const SCALED: Window = { limit: 195, windowMs: 6_000 };
const TRUE: Window = { limit: 195, windowMs: 60_000 };
const OURS = 'dayline';

interface Target {
  text: string;
  met(ours: number): boolean;
}

interface Axis {
  name: string;
  unit: string;
  of(result: Result): number | null;
  target?: Target;
}

const AXES: readonly Axis[] = [
  {
    name: 'utilisation',
    unit: 'share',
    of: (result) => result.utilisation,
    target: { text: '>= 0.99', met: (share) => share >= 0.99 },
  },
  {
    name: 'violations',
    unit: 'calls',
    of: (result) => result.violations,
    target: { text: '0', met: (calls) => calls === 0 },
  },
  {
    name: 'most_in_any_window',
    unit: 'calls',
    of: (result) => result.worst,
    target: { text: `<= ${SCALED.limit}`, met: (calls) => calls <= SCALED.limit },
  },
  { name: 'redis_commands_per_permit', unit: 'commands', of: (result) => result.commands },
  { name: 'redis_cpu_per_permit', unit: 'ms', of: (result) => result.redis_ms },
  { name: 'idle_permit', unit: 'ms', of: (result) => result.idle_ms },
];

installPeers();
const benches = [await startBench(), await startBench()] as const;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stop().finally(() => process.exit(130)));
try {
  const [scaled, atTrueScale] = await Promise.all([
    contest(),
    measure(benches[1], TRUE, Number(values['true-seconds']) * 1_000, dayline, told(`${OURS}, 195 in 60 s`)),
  ]);
  report(scaled, atTrueScale);
} finally {
  await stop();
}
process.exit(0); // what a contestant leaves behind must not keep it alive

async function stop(): Promise<void> {
  for (const bench of benches) await bench.stop();
}

/** One after the other. @returns by their names */
async function contest(): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  const all = Object.entries(CONTESTANTS);
  for (const [index, [name, open]] of all.entries()) {
    const which = `${index + 1} of ${all.length}, ${name}`;
    console.error(`${which} …`);
    results.set(name, await measure(benches[0], SCALED, Number(values.seconds) * 1_000, open, told(which)));
  }
  return results;
}

function told(what: string) {
  return (calls: number) => console.error(`${what}: ${calls} calls so far`);
}

function report(scaled: ReadonlyMap<string, Result>, atTrueScale: Result): void {
  const ours = scaled.get(OURS);
  if (!ours) throw new Error('Ours did not take part.');
  for (const axis of AXES) {
    for (const [peer, result] of scaled) if (peer !== OURS) print(axis, ours, peer, result);
    print({ ...axis, name: `${axis.name}_60s` }, atTrueScale, null, null);
  }
}

function print({ name, unit, of, target }: Axis, result: Result, peer: string | null, peers: Result | null) {
  const ours = of(result);
  const peer_value = peers && of(peers);
  const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));
  console.log(
    JSON.stringify({
      bench: 'window',
      axis: name,
      ours: rounded(ours),
      unit,
      peer,
      peer_value: rounded(peer_value),
      ratio: ours !== null && peer_value ? rounded(ours / peer_value) : null,
      target: target?.text ?? null,
      ok: target && ours !== null ? target.met(ours) : null,
    }),
  );
}
