/**
 * The finance jobs (R59, R106–R108, R115, R116): statements and indicators stock by stock, since accounts of 2,000
 * points can't ask for whole periods. One run for all four datasets; a stock that fails holds up no other.
 */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { shanghaiClock } from '../datasets/dates.ts';
import { TaskError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { RunContext, RunOutcome } from './context.ts';
import type { RunUnit, SyncJob } from './job.ts';
import { readMarket } from './market.ts';
import { partitionName } from './partition.ts';
import { planUnits } from './plan.ts';
import { reportPeriod } from './report-period.ts';
import { retriesOf } from './retries.ts';
import { runJob, tableDatasetOf } from './run.ts';
import { syncJobType } from './sync-task.ts';

/** In this order; the first one tells whether a stock lacks the period. */
const FINANCE = ['fina_indicator', 'income', 'balancesheet', 'cashflow'] as const;
/** A stock that was asked for in vain is left alone for so long, in days. */
const CHECKED_DAYS = 3;

/** Runs `finance.history` or `finance.incremental`. @throws as runJob */
export async function runFinance(context: RunContext, store: Store): Promise<RunOutcome> {
  const datasets = new Map<string, TableDataset>();
  for (const name of FINANCE) datasets.set(name, await tableDatasetOf(context, name));
  const job = { datasets, batch_size: context.config.SYNC_FINANCE_HISTORY_BATCH_SIZE };
  if (context.task.mode === 'history')
    return runJob(context, store, { ...job, plan: (client) => historyUnits(client, context, datasets) });
  const disclosed = await fetchDisclosures(context, store);
  if (disclosed.kind === 'paused') return disclosed;
  const plan = (client: ClientBase) => incrementalUnits(client, context, datasets);
  return runJob(context, store, { ...job, plan }, true);
}

/** Every stock there is or was, from the start date of the settings on. */
async function historyUnits(
  client: ClientBase,
  { task, config }: RunContext,
  datasets: ReadonlyMap<string, TableDataset>,
): Promise<RunUnit[]> {
  const { start_date = config.SYNC_FINANCE_HISTORY_START_DATE, end_date = shanghaiClock(new Date()).date } =
    task.params as { start_date?: string; end_date?: string };
  const { rows } = await client.query<{ ts_code: string }>(
    `SELECT ts_code FROM public.stock_basic WHERE delist_date IS NULL OR delist_date >= $1::date ORDER BY 1`,
    [start_date],
  );
  if (rows.length === 0)
    throw new TaskError(
      'prerequisite_missing',
      'finance needs the stock list, which is empty: submit stock_basic full first',
    );
  return unitsFor(
    datasets,
    rows.map((row) => row.ts_code),
    `since_${start_date}`,
    { start_date, end_date },
  );
}

/** The disclosure dates first: they say whose reports came out. Without them the stocks that lack the period remain. */
async function fetchDisclosures(context: RunContext, store: Store): Promise<RunOutcome> {
  const dataset = await tableDatasetOf(context, 'disclosure_date');
  const job: SyncJob = {
    datasets: new Map([[dataset.name, dataset]]),
    batch_size: context.config.SYNC_FINANCE_HISTORY_BATCH_SIZE,
    part: dataset.name,
    async plan(client) {
      const market = await readMarket(client, dataset, 'incremental', {});
      const units = planUnits(dataset, 'incremental', {}, market, new Date());
      return units.map((unit) => ({ dataset: dataset.name, ...unit }));
    },
  };
  try {
    return await runJob(context, store, job);
  } catch (error) {
    const bearable =
      error instanceof TaskError && ['not_published', 'tushare_no_permission'].includes(error.type);
    if (!bearable) throw error;
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
  datasets: ReadonlyMap<string, TableDataset>,
): Promise<RunUnit[]> {
  const today = (task.params.target_date as string | undefined) ?? shanghaiClock(new Date()).date;
  const period = reportPeriod(today);
  const disclosed = await client.query<{ ts_code: string }>(
    `SELECT DISTINCT ts_code FROM public.disclosure_date
     WHERE end_date = $1::date AND actual_date BETWEEN coalesce((
       SELECT max(completed_at AT TIME ZONE 'Asia/Shanghai')::date FROM sync_tasks
       WHERE job_type = $3 AND status = 'COMPLETED' AND config->>'part' IS NULL), $2::date) AND $2::date
     ORDER BY 1`,
    [period, today, syncJobType(task.job_type)],
  );
  const lacking = await client.query<{ ts_code: string }>(
    `SELECT ts_code FROM public.stock_basic
     LEFT JOIN coverage ON coverage.dataset = $1 AND coverage.partition = ts_code || '/' || $3
     WHERE list_status = 'L' AND list_date <= $2::date
       AND NOT EXISTS (SELECT 1 FROM public.fina_indicator AS known
         WHERE known.ts_code = stock_basic.ts_code AND known.end_date = $2::date)
       AND (fetched_at IS NULL OR fetched_at < now() - make_interval(days => ${CHECKED_DAYS}))
     ORDER BY fetched_at NULLS FIRST, ts_code LIMIT $4`,
    [FINANCE[0], period, periodName(period), config.SYNC_INCREMENTAL_MISSING_LIMIT],
  );
  const codes = [...new Set([...disclosed.rows, ...lacking.rows].map((row) => row.ts_code))];
  const units = unitsFor(datasets, codes, periodName(period), { period });
  return retriesOf(client, task.job_type, units, datasets);
}

const periodName = (period: string): string => `period_${period}`;

/**
 * One call a stock and dataset, with these parameters. Of the report types the consolidated ones (the first), which is
 * what TuShare answers by default. A stock without a row is nothing unusual.
 */
function unitsFor(
  datasets: ReadonlyMap<string, TableDataset>,
  codes: readonly string[],
  what: string,
  params: Record<string, string>,
): RunUnit[] {
  return [...datasets.values()].flatMap((dataset) => {
    const each = Object.values(dataset.fetch.each ?? {}).map((values) => values[0] as string);
    return codes.map((code) => ({
      dataset: dataset.name,
      partitions: [`${partitionName(each, code)}/${what}`],
      expected: [0],
      params,
    }));
  });
}
