/** Rows, coverage and durations, as Postgres has them. */
import type { StoredFigures } from '../store/figures.ts';
import type { Metric, Sample } from './metric-text.ts';

export function storeMetrics({ coverage, synced, ended }: StoredFigures): Metric[] {
  return [
    {
      name: 'dayline_coverage_partitions',
      help: 'Partitions (days, months, codes) of a dataset by state.',
      samples: coverage.map(({ dataset, state, partitions }) => [{ dataset, state }, partitions]),
    },
    {
      name: 'dayline_coverage_rows',
      help: 'Rows that the ledger of a dataset counts.',
      samples: rowsOf(coverage),
    },
    {
      name: 'dayline_sync_rows_total',
      help: 'Rows that syncs have stored; stored again they count again.',
      type: 'counter',
      samples: synced.map(({ job_type, rows }) => [{ job_type }, rows]),
    },
    {
      name: 'dayline_tasks_ended',
      help: 'Tasks that ended in the last 24 hours.',
      samples: ended.map(({ job_type, status, tasks }) => [{ job_type, status }, tasks]),
    },
    {
      name: 'dayline_task_duration_seconds',
      help: 'Running time of the tasks completed in the last 24 hours: median and 95th percentile.',
      samples: ended
        .filter(({ status }) => status === 'completed')
        .flatMap(({ job_type, median, p95 }) => [
          ...durationOf(job_type, '0.5', median),
          ...durationOf(job_type, '0.95', p95),
        ]),
    },
  ];
}

function rowsOf(coverage: StoredFigures['coverage']): Sample[] {
  const rows = new Map<string, number>();
  for (const one of coverage) rows.set(one.dataset, (rows.get(one.dataset) ?? 0) + one.rows);
  return [...rows].map(([dataset, count]) => [{ dataset }, count]);
}

const durationOf = (job_type: string, quantile: string, seconds: number | null): Sample[] =>
  seconds === null ? [] : [[{ job_type, quantile }, seconds]];
