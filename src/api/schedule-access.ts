/** The stored schedules as web reaches them, and what is made of them for people. */
import { type Execution, ExecutionLog } from '../scheduler/execution-log.ts';
import { Firings } from '../scheduler/firings.ts';
import { type JobConfig, JobConfigs } from '../scheduler/job-configs.ts';
import type { JobRegistry } from '../scheduler/registry.ts';
import { type Silence, silenceOf } from '../scheduler/silence.ts';
import { type Moments, momentsOf, TimingFault } from '../scheduler/timing.ts';
import { HISTORY_WORDS, type HistoryReader } from './history-reader.ts';
import type { UnreadWords } from './postgres-reader.ts';

export interface ScheduleTables {
  configs: JobConfigs;
  firings: Firings;
  log: ExecutionLog;
}

const SCHEDULE_WORDS: UnreadWords = {
  ...HISTORY_WORDS,
  code: 'SCHEDULES_UNAVAILABLE',
  fault: "The schedules can't be read or changed",
};

/** Does a piece of work on the tables. @throws ApiError SCHEDULES_UNAVAILABLE, within 2 s */
export function onSchedules<T>(
  history: HistoryReader,
  work: (tables: ScheduleTables) => Promise<T>,
): Promise<T> {
  return history.ask(
    (store) =>
      work({ configs: new JobConfigs(store), firings: new Firings(store), log: new ExecutionLog(store) }),
    SCHEDULE_WORDS,
  );
}

/** A job of the registry with its schedule, if it has one that can be followed, and what is wrong with it, if not. */
export interface JobState {
  job_id: string;
  job_name: string;
  config: JobConfig | null;
  /** null: no schedule, or a broken one. */
  moments: Moments | null;
  fault: string | null;
  silence: Silence | null;
  last_execution: Execution | null;
}

/** Every job of the registry, in its order. @param silentDays SCHEDULE_SILENT_DAYS */
export async function jobStates(
  { configs, log }: ScheduleTables,
  registry: JobRegistry,
  silentDays: number,
  now = Date.now(),
): Promise<JobState[]> {
  const [rows, successes, last] = await Promise.all([
    configs.getAll(),
    log.lastSuccesses(),
    log.lastOfEach(),
  ]);
  const byId = new Map(rows.map((config) => [config.job_id, config]));
  return [...registry.values()].map(({ job_id, job_name }) => {
    const config = byId.get(job_id) ?? null;
    const { moments, fault } = readMoments(config);
    const silence =
      config?.enabled && moments
        ? silenceOf({ config, moments }, successes.get(job_id), now, silentDays)
        : null;
    const last_execution = last.get(job_id) ?? null;
    return {
      job_id,
      job_name: config?.job_name ?? job_name,
      config,
      moments,
      fault,
      silence,
      last_execution,
    };
  });
}

function readMoments(config: JobConfig | null): Pick<JobState, 'moments' | 'fault'> {
  if (!config) return { moments: null, fault: null };
  try {
    return { moments: momentsOf(config, config.scheduled_at.getTime()), fault: null };
  } catch (error) {
    if (!(error instanceof TimingFault)) throw error;
    return { moments: null, fault: error.message };
  }
}
