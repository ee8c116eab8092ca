/**
 * Many generated answers and transports over real HTTP, judged by an oracle: no crash, no hang past the timeout, no
 * rows that were not answered, and no secret in an error. The same seed makes the same cases.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import daily from '../../../src/datasets/daily-close/daily.ts';
import { TaskError } from '../../../src/errors.ts';
import type { TushareAnswer } from '../../../src/sync/context.ts';
import { addAnswer, emptyRows } from '../../../src/sync/rows.ts';
import type { Torn } from '../../support/torn.ts';
import { makeClient, type TestClient, TOKEN } from '../support/server.ts';
import { type Content, content, DAY } from './contents.ts';
import { storedRows, wantedRows } from './daily-oracle.ts';
import { type Verdict, verdictOf } from './oracle.ts';
import { hostileServer, type Transport, transport } from './transports.ts';

export interface FuzzReport {
  cases: number;
  /** How many ended with rows, and with an error of each type. */
  outcomes: Record<string, number>;
  /** Cases that did what they must not, with all that is needed to see why. */
  failures: string[];
}

interface Case {
  id: number;
  content: Content;
  transport: Transport;
}

/** Calls under way at once. */
const IN_FLIGHT = 32;
const CASES_IN_A_BATCH = 500;
/** For cases that are answered, however badly: a busy machine must not be taken for a hang. */
const PATIENT_MS = 30_000;
/** For cases that hang on purpose. */
const SHORT_MS = 150;
/** A call may take its timeout twice (a stale connection), and the machine may be busy. */
const HUNG_AFTER_MS = 2 * PATIENT_MS + 10_000;
const MOST_FAILURES = 20;

const UNIT = Object.assign([DAY], { partitions: [DAY], expected: [null] });

type Ending = { rows: TushareAnswer } | { error: unknown };

/** @param tell is told how many cases are done, about once a batch */
export async function fuzz(
  t: Torn,
  { cases, seed }: { cases: number; seed: number },
  tell: (done: number) => void = () => {},
): Promise<FuzzReport> {
  const report: FuzzReport = { cases: 0, outcomes: {}, failures: [] };
  const crashed = (error: unknown) => report.failures.push(`unhandled: ${(error as Error)?.stack ?? error}`);
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed);
  try {
    await runCases(t, { cases, seed }, report, tell);
    await new Promise((resolve) => setTimeout(resolve, 100)); // what nobody awaited would show now
  } finally {
    process.off('uncaughtException', crashed).off('unhandledRejection', crashed);
  }
  return report;
}

async function runCases(
  t: Torn,
  { cases, seed }: { cases: number; seed: number },
  report: FuzzReport,
  tell: (done: number) => void,
): Promise<void> {
  const present = new Map<number, Case>();
  const url = await hostileServer(t, (id) => {
    const { content, transport } = present.get(id) as Case;
    return { body: content.body, transport };
  });
  const clients = Array.from({ length: IN_FLIGHT }, () => ({
    patient: makeClient(t, url, PATIENT_MS),
    short: makeClient(t, url, SHORT_MS),
  }));
  for (let first = 0; first < cases && report.failures.length < MOST_FAILURES; first += CASES_IN_A_BATCH) {
    const size = Math.min(CASES_IN_A_BATCH, cases - first);
    const made = fc.sample(fc.tuple(content, transport), { numRuns: size, seed: seed + first });
    const waiting = made.map(([content, transport], i): Case => ({ id: first + i, content, transport }));
    for (const one of waiting) present.set(one.id, one);
    const work = async ({ patient, short }: (typeof clients)[number]) => {
      for (let one = waiting.shift(); one; one = waiting.shift())
        await judge(one, one.transport.kind === 'hang' ? short : patient, report);
    };
    await Promise.all(clients.map(work));
    present.clear();
    tell(report.cases);
  }
  for (const { ledger, lines } of clients.flatMap(({ patient, short }) => [patient, short])) {
    if (ledger.taken !== ledger.used)
      report.failures.push(`${ledger.taken} permits taken, ${ledger.used} given back`);
    if (leaks(JSON.stringify(lines))) report.failures.push('the token is in the log');
  }
}

async function judge(one: Case, { client, ledger }: TestClient, report: FuzzReport): Promise<void> {
  const stop = new AbortController();
  ledger.answers = [];
  // The three pauses of a frequency error are tested elsewhere; here the call ends with the first.
  const watch = setInterval(() => {
    if (ledger.answers.some((answer) => answer !== 'answered' && answer?.frequency))
      stop.abort(new Error('frequency'));
  }, 5);
  let hung: NodeJS.Timeout | undefined;
  const ending = await Promise.race([
    client.call('daily', { case: one.id }, [], stop.signal).then(
      (rows): Ending => ({ rows }),
      (error: unknown): Ending => ({ error }),
    ),
    new Promise<Ending>((resolve) => {
      hung = setTimeout(() => resolve({ error: 'hung' }), HUNG_AFTER_MS);
    }),
  ]);
  clearTimeout(hung);
  clearInterval(watch);
  report.cases += 1;
  const outcome =
    'rows' in ending ? 'rows' : ending.error instanceof TaskError ? ending.error.type : String(ending.error);
  report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  const wrong = faultOf(one, verdictOf(one.content, one.transport), ending);
  if (wrong && report.failures.length < MOST_FAILURES) report.failures.push(described(one, wrong));
}

/** What is wrong with an ending; null: it is one of those that may be. */
function faultOf(one: Case, verdict: Verdict, ending: Ending): string | null {
  if ('rows' in ending) {
    if (!('rows' in verdict)) return `rows in the place of ${verdict.errors.join(' or ')}`;
    if (!isDeepStrictEqual(verdict.rows, ending.rows)) return 'other rows than were answered';
    return one.content.name === 'daily' ? faultOfRows(ending.rows) : null;
  }
  const { error } = ending;
  if (error instanceof Error && error.message === 'frequency')
    return 'errors' in verdict && verdict.errors.includes('tushare_rate_limited')
      ? null
      : 'taken for a frequency error';
  if (!(error instanceof TaskError)) return `not a typed error: ${(error as Error)?.stack ?? error}`;
  if (leaks(`${error.message}\n${error.stack}`)) return 'the token is in the error';
  if ('rows' in verdict) return `${error.type} in the place of rows: ${error.message}`;
  return verdict.errors.includes(error.type)
    ? null
    : `${error.type} in the place of ${verdict.errors.join(' or ')}`;
}

function faultOfRows(answer: TushareAnswer): string | null {
  const wanted = wantedRows(answer);
  const rows = emptyRows(daily, UNIT);
  try {
    addAnswer(daily, rows, answer);
  } catch (error) {
    const typed = error instanceof TaskError && /^(tushare_bad_answer|data_rejected)$/.test(error.type);
    if (!typed) return `the engine threw ${(error as Error).stack}`;
    return wanted ? `the engine refused good rows: ${error.message}` : null;
  }
  if (!wanted) return 'the engine took rows that it must refuse';
  const stored = storedRows(rows.columns, rows.copy.bytes);
  return isDeepStrictEqual(stored, wanted) ? null : 'the engine stores other values than were answered';
}

const leaks = (text: string) =>
  [TOKEN, encodeURIComponent(TOKEN), JSON.stringify(TOKEN).slice(1, -1)].some((form) => text.includes(form));

function described({ id, content, transport }: Case, wrong: string): string {
  const body = content.body.toString().slice(0, 600);
  return `case ${id}: ${wrong}\n  transport ${JSON.stringify(transport).slice(0, 300)}\n  ${content.name}: ${body}`;
}
