/** From rows to schedules that can be followed (R71). One that can't be stops none of the others (R72). */
import type { Logger } from '../log.ts';
import type { JobConfig } from './job-configs.ts';
import type { JobRegistry, ScheduledJob } from './registry.ts';
import { type Moments, momentsOf } from './timing.ts';

/** An enabled job with its moments. */
export interface LiveSchedule {
  config: JobConfig;
  job: ScheduledJob;
  moments: Moments;
}

/** Loads again and again, and tells each fault once, until the row that has it is changed. */
export class ScheduleLoader {
  readonly #registry: JobRegistry;
  readonly #log: Logger;
  #told = new Map<string, string>();

  constructor(registry: JobRegistry, log: Logger) {
    this.#registry = registry;
    this.#log = log;
  }

  /** Those that are enabled, known and can be followed. A WARNING for an unknown job, an ERROR for a broken row. */
  load(configs: readonly JobConfig[]): LiveSchedule[] {
    return configs.filter(({ enabled }) => enabled).flatMap((config) => this.#live(config) ?? []);
  }

  #live(config: JobConfig): LiveSchedule | undefined {
    const { job_id } = config;
    const job = this.#registry.get(job_id);
    if (!job) {
      const jobs = [...this.#registry.keys()];
      this.#tell(job_id, 'unknown', () =>
        this.#log.warn({ job_id, jobs }, 'there is no such job: its schedule is not followed'),
      );
      return undefined;
    }
    try {
      const live = { config, job, moments: momentsOf(config, config.scheduled_at.getTime()) };
      this.#told.delete(job_id);
      return live;
    } catch (fault) {
      this.#tell(job_id, String(fault), () =>
        this.#log.error({ job_id, err: fault }, 'this schedule is broken and not followed; the others are'),
      );
      return undefined;
    }
  }

  #tell(job_id: string, fault: string, tell: () => void): void {
    if (this.#told.get(job_id) === fault) return;
    this.#told.set(job_id, fault);
    tell();
  }
}
