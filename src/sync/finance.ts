/**
 * The finance jobs (R59, R106–R108, R115, R116): statements and indicators stock by stock, since accounts of 2,000
 * points can't ask for whole periods. One run for all four datasets; a stock that fails holds up no other.
 */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { shanghaiClock } from '../datasets/dates.ts';
import { TaskError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { firstPart, type RunContext, type RunOutcome } from './context.ts';
import { periodPart, periodUnits, sinceUnits } from './finance-units.ts';
import type { RunUnit, SyncJob } from './job.ts';
import type { KnownCode } from './plan-codes.ts';
import { reportPeriod } from './report-period.ts';
import { leftForPeople, retriesOf } from './retries.ts';
import { runJob, tableDatasetOf } from './run.ts';
import { syncJobType } from './sync-task.ts';

/** In this order; the first one tells whether a stock lacks the period. */
const FINANCE = ['fina_indicator', 'income', 'balancesheet', 'cashflow'] as const;
/** A stock that was asked for in vain is left alone for so long, in days. */
const CHECKED_DAYS = 3;
/** Without disclosure dates the stocks that lack the period are still found, some days later. */
const BEARABLE = ['not_published', 'tushare_no_permission'];

type Datasets = ReadonlyMap<string, TableDataset>;

/** Runs `finance.history` or `finance.incremental`. @throws as runJob; TaskError prerequisite_missing without a stock list */
export async function runFinance(context: RunContext, store: Store): Promise<RunOutcome> {
  const datasets = new Map<string, TableDataset>();
  for (const name of FINANCE) datasets.set(name, await tableDatasetOf(context, name));
  const job = { datasets, batch_size: context.config.SYNC_FINANCE_HISTORY_BATCH_SIZE };
  if (context.task.mode === 'history')
    return runJob(context, store, { ...job, plan: (client) => historyUnits(client, context, datasets) });
  const today = (context.task.params.target_date as string | undefined) ?? shanghaiClock(new Date()).date;
  const disclosed = await fetchDisclosures(context, store, reportPeriod(today));
  if (disclosed.kind === 'paused') return disclosed;
  const plan = (client: ClientBase) => incrementalUnits(client, context, datasets, today);
  return runJob(context, store, { ...job, plan }, true);
}

/** Every stock that was listed at some time since the start date: that of the settings, unless the submission names one. */
async function historyUnits(
  client: ClientBase,
  { task, config }: RunContext,
  datasets: Datasets,
): Promise<RunUnit[]> {
  const { start_date = config.SYNC_FINANCE_HISTORY_START_DATE, end_date } = task.params as Dates;
  await requireStocks(client);
  const { rows } = await client.query<KnownCode>(
    `SELECT ts_code AS code, to_char(list_date, 'YYYYMMDD') AS first, to_char(delist_date, 'YYYYMMDD') AS last
     FROM public.stock_basic WHERE delist_date IS NULL OR delist_date >= $1::date ORDER BY 1`,
    [start_date],
  );
  return sinceUnits(datasets, rows, { start_date, ...(end_date && { end_date }) }, new Date());
}

interface Dates {
  start_date?: string;
  end_date?: string;
}

/** The disclosure dates of the period first: they say whose reports came out. */
async function fetchDisclosures(context: RunContext, store: Store, period: string): Promise<RunOutcome> {
  const dataset = await tableDatasetOf(context, 'disclosure_date');
  const job: SyncJob = {
    datasets: new Map([[dataset.name, dataset]]),
    batch_size: context.config.SYNC_FINANCE_HISTORY_BATCH_SIZE,
    part: dataset.name,
    plan: async () => [{ dataset: dataset.name, partitions: [period], expected: [null] }],
  };
  try {
    return await runJob(firstPart(context), store, job);
  } catch (error) {
    if (!(error instanceof TaskError) || !BEARABLE.includes(error.type)) throw error;
    return { kind: 'completed', records_processed: 0 };
  }
}

/**
 * Failures of earlier runs first (R107); then stocks whose report of the period came out since the last run that went
 * well (D19); then stocks that lack the period and were not asked for lately, as many as the setting allows (R108).
 */
async function incrementalUnits(
  client: ClientBase,
  { task, config }: RunContext,
  datasets: Datasets,
  today: string,
): Promise<RunUnit[]> {
  await requireStocks(client);
  const period = reportPeriod(today);
  const left = await leftForPeople(client, datasets);
  const wanted = (codes: string[]) =>
    periodUnits(datasets, codes, period).filter((unit) => !left.has(nameOf(unit)));
  const disclosed = await disclosedCodes(client, syncJobType(task.job_type), period, today);
  const limit = config.SYNC_INCREMENTAL_MISSING_LIMIT;
  const lacking = await lackingCodes(client, period, { disclosed, left: [...left], limit });
  const fresh = await askedSinceDisclosure(client, period);
  const units = [...wanted(disclosed).filter((unit) => !fresh.has(nameOf(unit))), ...wanted(lacking)];
  return retriesOf(client, task.job_type, units, datasets);
}

const nameOf = ({ dataset, partitions }: RunUnit): string => `${dataset} ${partitions[0]}`;

/** Stocks whose report of the period came out between the last run that went well and today; without one, today. */
async function disclosedCodes(
  client: ClientBase,
  job_type: string,
  period: string,
  today: string,
): Promise<string[]> {
  const { rows } = await client.query<{ ts_code: string }>(
    `SELECT DISTINCT ts_code FROM public.disclosure_date
     WHERE end_date = $1::date AND actual_date BETWEEN least($2::date, (
       SELECT max(completed_at AT TIME ZONE 'Asia/Shanghai')::date FROM sync_tasks
       WHERE job_type = $3 AND status = 'COMPLETED' AND config->>'part' IS NULL)) AND $2::date
     ORDER BY 1`,
    [period, today, job_type],
  );
  return rows.map((row) => row.ts_code);
}

/** What was asked for after the report had come out, by a run that then did not get to its end. */
async function askedSinceDisclosure(client: ClientBase, period: string): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT dataset || ' ' || partition AS name
     FROM coverage JOIN public.disclosure_date ON ts_code = split_part(partition, '/', -2)
     WHERE dataset = ANY($3) AND partition LIKE '%/' || $2 AND end_date = $1::date AND state <> 'failed'
       AND (fetched_at AT TIME ZONE 'Asia/Shanghai')::date > actual_date`,
    [period, periodPart(period), FINANCE],
  );
  return new Set(rows.map((row) => row.name));
}

/** Listed stocks without a row of the period beside the disclosed ones, those never asked for first. */
async function lackingCodes(
  client: ClientBase,
  period: string,
  { disclosed, left, limit }: { disclosed: string[]; left: string[]; limit: number },
): Promise<string[]> {
  const { rows } = await client.query<{ ts_code: string }>(
    `SELECT ts_code FROM public.stock_basic
     LEFT JOIN coverage ON coverage.dataset = $1 AND coverage.partition = ts_code || '/' || $3
     WHERE list_status = 'L' AND list_date <= $2::date
       AND NOT EXISTS (SELECT 1 FROM public.fina_indicator AS known
         WHERE known.ts_code = stock_basic.ts_code AND known.end_date = $2::date)
       AND (fetched_at IS NULL OR fetched_at < now() - make_interval(days => ${CHECKED_DAYS}))
       AND ts_code <> ALL($5) AND $1 || ' ' || ts_code || '/' || $3 <> ALL($6)
     ORDER BY fetched_at NULLS FIRST, ts_code LIMIT $4`,
    [FINANCE[0], period, periodPart(period), limit, disclosed, left],
  );
  return rows.map((row) => row.ts_code);
}

async function requireStocks(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM public.stock_basic LIMIT 1');
  if (rowCount === 0)
    throw new TaskError(
      'prerequisite_missing',
      'finance needs the stock list, which is empty: submit stock_basic full first',
    );
}
