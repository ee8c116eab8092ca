/**
 * The tasks of a run, made from the seed: most work, some meet trouble; a few of every type, so that types collide;
 * most of them in executions, in which they wait for each other.
 */
import type { NewTask } from '../../../src/queue/task.ts';
import type { LedgerParams } from '../../fixtures/datasets/runners/ledger.ts';
import type { Random } from './random.ts';

/** What a task is made to do. */
export type Nature =
  /** Works to its end. */
  | 'steady'
  /** Works in small steps, won't pause, and lets no lost connection stop it. */
  | 'stubborn'
  /** Fails retryably in its first two attempts, then works. */
  | 'flaky'
  /** Fails retryably for ever. */
  | 'hopeless'
  /** Fails so that no retry can mend it. */
  | 'broken'
  /** Ends its thread in its first attempt, then works. */
  | 'exits'
  /** Never gives its thread back. */
  | 'spins';

export interface Job {
  nature: Nature;
  task: NewTask & { task_id: string };
  /** Steps that a completed one has committed. */
  steps: number;
  /** Tasks of its execution that must complete before it begins. */
  needs: string[];
}

/** What is submitted at once: one task, or an execution. */
export interface Submission {
  execution_id: string | null;
  jobs: Job[];
}

/** Tasks of a type. */
const TASKS_A_TYPE = 4;
/** More steps than any attempts can take: only trouble ends it. */
const ENDLESS = 10_000;
/** Infrastructure that goes away in the middle of a step uses attempts up as well. */
const PLENTY = 12;

const TROUBLE: Record<Nature, Partial<LedgerParams>> = {
  steady: {},
  stubborn: { stubborn: true, step_ms: 20 },
  flaky: { trouble: 'network', troubled_attempts: 2 },
  hopeless: { trouble: 'network', troubled_attempts: ENDLESS },
  broken: { trouble: 'config_missing', troubled_attempts: ENDLESS },
  exits: { trouble: 'exit', troubled_attempts: 1 },
  spins: { trouble: 'spin', troubled_attempts: ENDLESS },
};
const ENDS_IN_FAILURE: readonly Nature[] = ['hopeless', 'broken', 'spins'];

/** So dense, and for so long, that a run which wakes too late or is cut off meets its successor in Postgres. */
const STEPS: Partial<Record<Nature, [number, number]>> = { stubborn: [150, 300] };

/** Out of 25 tasks, so many of each. */
const MIX: readonly Nature[] = [
  ...Array<Nature>(14).fill('steady'),
  ...Array<Nature>(4).fill('stubborn'),
  ...Array<Nature>(3).fill('flaky'),
  'hopeless',
  'broken',
  'exits',
  'spins',
];

/** See makeLateComers. */
export const GOES_ON = 'goes-on-too-long';
export const BEGINS_LATE = 'begins-too-late';

/** Tasks of a submission; more than one make an execution. */
const SUBMISSION_SIZES = [1, 1, 1, 1, 2, 3, 5, 8];

export interface WorkloadOptions {
  tasks: number;
  /** Longest step, in ms. */
  step_ms: number;
}

export function makeWorkload(random: Random, options: WorkloadOptions): Submission[] {
  const submissions: Submission[] = [];
  for (let n = 0; n < options.tasks; ) {
    const size = Math.min(random.pick(SUBMISSION_SIZES), options.tasks - n);
    const jobs = Array.from({ length: size }, (_, i) => makeJob(random, random.pick(MIX), n + i, options));
    if (size > 1) joinUp(random, jobs);
    const execution_id = size > 1 ? `execution-${String(n).padStart(4, '0')}` : null;
    if (execution_id) for (const { task } of jobs) task.execution_id = execution_id;
    submissions.push({ execution_id, jobs });
    n += size;
  }
  return submissions;
}

/** Every second task of an execution needs one or two of those before it. */
function joinUp(random: Random, jobs: Job[]): void {
  for (const [place, job] of jobs.entries()) {
    if (place === 0 || random.whole(0, 1) === 0) continue;
    const before = random.shuffle(jobs.slice(0, place)).slice(0, random.whole(1, 2));
    job.needs = before.map(({ task }) => task.task_id);
  }
}

/**
 * Two of types of their own that show both fences, if the event loop of whoever runs them is blocked: one commits all
 * along, and is still at work when it is taken over; the first run of the other begins after its second.
 */
export function makeLateComers(): Job[] {
  const job = (name: string, params: LedgerParams): Job => ({
    nature: 'stubborn',
    steps: params.steps,
    needs: [],
    task: {
      task_id: name,
      dataset: 'ledger',
      mode: 'full',
      job_type: `ledger.${name}`,
      params: params as unknown as NewTask['params'],
      priority: 0,
      max_attempts: PLENTY,
      timeout_seconds: 300,
    },
  });
  return [
    job(GOES_ON, { steps: 300, step_ms: 20, stubborn: true }),
    job(BEGINS_LATE, { steps: 1, step_ms: 20, stubborn: true, late: true }),
  ];
}

/** @param n its number, which is its id's beginning. */
export function makeJob(random: Random, nature: Nature, n: number, { tasks, step_ms }: WorkloadOptions): Job {
  const types = Math.ceil(tasks / TASKS_A_TYPE);
  const steps = ENDS_IN_FAILURE.includes(nature) ? ENDLESS : random.whole(...(STEPS[nature] ?? [4, 14]));
  const params: LedgerParams = { steps, step_ms: random.whole(20, step_ms), ...TROUBLE[nature] };
  return {
    nature,
    steps,
    needs: [],
    task: {
      task_id: `${String(n).padStart(4, '0')}-${nature}`,
      dataset: 'ledger',
      mode: 'full',
      job_type: `ledger.t${String(random.whole(0, types - 1)).padStart(3, '0')}`,
      params: params as unknown as NewTask['params'],
      // A stubborn one that is taken over must run again at once, while its old owner still works.
      priority: nature === 'stubborn' ? 0 : random.pick([0, 1, 1, 1, 2, 2]),
      max_attempts: nature === 'hopeless' ? 3 : PLENTY,
      timeout_seconds: nature === 'spins' ? 2 : 300,
    },
  };
}
