/** Judges a faulted run by what TuShare's side saw and by what stands in Postgres. */
import type { Arrival } from '../../../src/simulator/index.ts';
import type { FaultedRun, Kill } from './faulted-run.ts';

export interface Verdict {
  /** What must not be, in sentences; empty: the run is as it should be. */
  findings: string[];
  numbers: Record<string, number>;
}

/** Calls beside those of the undisturbed run, the faults and what the kills lost: a share of the undisturbed run. */
const ALLOWED_MORE = 0.05;

export async function judge(run: FaultedRun): Promise<Verdict> {
  const { faultless, log, kills, faults } = run;
  const unused = faults.filter(({ applied }) => applied === 0);
  const hit = log.filter(wasHit).length;
  const lost = kills.reduce((sum, kill, at) => sum + lostAt(run, kill, at).length, 0);
  const allowed = Math.floor(faultless * (1 + ALLOWED_MORE)) + hit + lost;
  const rows = await compare(run);
  const findings = [
    ...unused.map(({ fault, after }) => `the fault ${fault} of call ${after} never met one`),
    ...askedAgain(run),
    ...unexplained(run),
    ...rows.differences,
    ...(log.length > allowed ? [`${log.length} calls, ${allowed} would be allowed`] : []),
    ...(await notComplete(run)),
  ];
  return {
    findings,
    numbers: {
      calls: log.length,
      calls_undisturbed: faultless,
      faults: hit,
      kills: kills.length,
      lost_at_kills: lost,
      calls_unaccounted: log.length - faultless - hit - lost,
      rows: rows.compared,
      seconds: run.seconds,
    },
  };
}

/** Whether a fault met the call, of those that take another call: rows that are repeated take none. */
const wasHit = ({ fault }: Arrival): boolean => fault !== null && fault !== 'duplicate_rows';

/** The days that a call asked for. */
function daysOf({ params }: Arrival, days: readonly string[]): string[] {
  const { trade_date, start_date = trade_date, end_date = trade_date } = params as Record<string, string>;
  return days.filter((day) => day >= String(start_date) && day <= String(end_date));
}

/** Whether the group of codes that a call names was committed at a kill, before its days were. */
function isGroupStored({ params }: Arrival, { groups }: Kill): boolean {
  const { ts_code, start_date } = params as Record<string, string>;
  const code = ts_code?.split(',')[0];
  if (code === undefined) return false;
  return groups.some(
    ({ first_day, from, before }) =>
      first_day === start_date && code >= from && (before === null || code < before),
  );
}

/** Calls since the kill before, whose answers were not in the ledger when the process was dead. */
function lostAt({ log, kills, days }: FaultedRun, kill: Kill, at: number): Arrival[] {
  return log.slice(kills[at - 1]?.calls ?? 0, kill.calls).filter((call) => {
    if (wasHit(call) || isGroupStored(call, kill)) return false;
    return !daysOf(call, days).every((day) => kill.stored.has(day));
  });
}

/** Calls for what was in the ledger already when a supervisor died; but for days that came without a row. */
function askedAgain({ log, kills, days }: FaultedRun): string[] {
  const late = new Set(
    log
      .filter(({ fault, params }) => fault === 'late_publication' && !('ts_code' in (params as object)))
      .flatMap((call) => daysOf(call, days)),
  );
  return kills.flatMap((kill, at) => {
    const isKnown = (call: Arrival) =>
      isGroupStored(call, kill) || daysOf(call, days).some((day) => kill.stored.has(day) && !late.has(day));
    return log
      .slice(kill.calls)
      .filter(isKnown)
      .map((call) => `${nameOf(call)} was in the ledger at kill ${at + 1}, and was asked for again`);
  });
}

const nameOf = ({ params }: Arrival): string => JSON.stringify(params).slice(0, 120);

/** Calls made more often than once, once for each fault that met them, and each time that they were lost at a kill. */
function unexplained(run: FaultedRun): string[] {
  const whole = ({ params }: Arrival) => JSON.stringify(params);
  const counted = (calls: readonly Arrival[]) => {
    const counts = new Map<string, number>();
    for (const name of calls.map(whole)) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  const lost = counted(run.kills.flatMap((kill, at) => lostAt(run, kill, at)));
  const hit = counted(run.log.filter(wasHit));
  return [...counted(run.log)].flatMap(([name, calls]) => {
    const reasons = (hit.get(name) ?? 0) + (lost.get(name) ?? 0);
    if (calls <= 1 + reasons) return [];
    return [`${name.slice(0, 80)} was asked for ${calls} times, with reasons for ${1 + reasons}`];
  });
}

/** Every row that TuShare tells now, and no other, with every value. */
async function compare({
  days,
  database,
  stack,
}: FaultedRun): Promise<{ compared: number; differences: string[] }> {
  const differences: string[] = [];
  let compared = 0;
  for (const day of days) {
    const told = await stack.simulator.records('daily', { trade_date: day });
    const stored = await database.query('SELECT * FROM daily WHERE trade_date = $1', [day]);
    const byCode = new Map(stored.rows.map((row) => [row.ts_code, row]));
    compared += told.length;
    if (byCode.size !== told.length) differences.push(`${day}: ${byCode.size} rows of ${told.length}`);
    for (const row of told) {
      const found = byCode.get(row.ts_code);
      const other = Object.keys(row).find(
        (name) => name !== 'trade_date' && !Object.is(found?.[name], row[name]),
      );
      if (other)
        differences.push(`${day} ${row.ts_code}: ${other} is ${found?.[other]} instead of ${row[other]}`);
    }
  }
  return { compared, differences: differences.slice(0, 10) };
}

async function notComplete({ database, days }: FaultedRun): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT day, state FROM unnest($1::text[]) AS day LEFT JOIN coverage ON dataset = 'daily' AND partition = day
     WHERE state IS DISTINCT FROM 'complete'`,
    [days],
  );
  return rows.map(({ day, state }) => `${day} is ${state ?? 'not in the ledger'} at the end`);
}
