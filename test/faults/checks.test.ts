/** Each check of the fault suite can fail: a good history passes all of them, one that is doctored does not. */
import t from 'tap';
import type { Execution } from '../../src/queue/execution.ts';
import type { Task } from '../../src/queue/task.ts';
import type { Act } from './support/acts.ts';
import { type Evidence, judge } from './support/checks.ts';
import type { QueueEvent } from './support/event-log.ts';
import type { LedgerRow, Refusal } from './support/ledger.ts';
import { seeded } from './support/random.ts';
import { makeSchedule } from './support/schedule.ts';
import type { Job } from './support/workload.ts';

const CANCELS = 'what is cancelled stays so, and nothing is cancelled that nobody wished to end';

/** Two tasks of one type in one execution, the second needs the first: one was lost in its first run and completed in its second, then the other completed. */
function goodHistory() {
  const event = (name: string, task_id: string, more: Partial<QueueEvent> = {}): QueueEvent => ({
    at: 0,
    event: name,
    task_id,
    job_type: 'ledger.t000',
    status: '',
    ...more,
  });
  const row = (number: number, task_id: string, fence: number, step: number, owner: string): LedgerRow => ({
    number,
    task_id,
    job_type: 'ledger.t000',
    fence,
    attempt: 0,
    step,
    last: step === 2,
    owner,
    at: 0,
  });
  const job = (task_id: string, needs: string[] = []) =>
    ({ nature: 'steady', steps: 2, needs, task: { task_id, execution_id: 'both' } }) as unknown as Job;
  const task = { status: 'completed', attempt: 1, max_attempts: 4, records_processed: 2 } as Task;
  return {
    jobs: [job('a'), job('b', ['a'])],
    tasks: new Map<string, Task | null>([
      ['a', { ...task }],
      ['b', { ...task }],
    ]),
    events: [
      event('submitted', 'a'),
      event('submitted', 'b'),
      event('claimed', 'a', { fence: 1 }),
      event('lost', 'a', { losses: 1 }),
      event('claimed', 'a', { fence: 2 }),
      event('completed', 'a'),
      event('claimed', 'b', { fence: 3 }),
      event('completed', 'b'),
    ],
    told: [
      {
        task_id: 'a',
        fence: 1,
        result: 'not_owner',
        outcome: { kind: 'completed', records_processed: 1 },
        at: 0,
      },
      { task_id: 'a', fence: 2, result: 'done', outcome: { kind: 'completed', records_processed: 1 }, at: 0 },
      { task_id: 'b', fence: 3, result: 'done', outcome: { kind: 'completed', records_processed: 1 }, at: 0 },
    ],
    acts: [] as Act[],
    submitted: [
      { task_id: 'a', at: 0 },
      { task_id: 'b', at: 0 },
    ],
    mayBeLost: [] as { from: number; to: number }[],
    executions: new Map<string, Execution | null>([
      [
        'both',
        {
          status: 'completed',
          attempt: 1,
          total: 2,
          counts: { pending: 0, running: 0, completed: 2, failed: 0, cancelled: 0 },
        } as Execution,
      ],
    ]),
    executionEvents: [{ at: 0, event: 'execution_completed', execution_id: 'both' }],
    ledger: [
      row(1, 'a', 1, 0, 'one'),
      row(2, 'a', 1, 1, 'one'),
      row(3, 'a', 2, 0, 'two'),
      row(4, 'a', 2, 2, 'two'),
      row(5, 'b', 3, 0, 'one'),
      row(6, 'b', 3, 1, 'one'),
      row(7, 'b', 3, 2, 'one'),
    ],
    refusals: [
      { task_id: 'a', fence: 1, owner: 'one', refused: 'commit', known_fence: 2, at: 0 },
      { task_id: 'a', fence: 1, owner: 'one', refused: 'begin', known_fence: 2, at: 0 },
    ] as Refusal[],
  } satisfies Evidence;
}
type History = ReturnType<typeof goodHistory>;

/** The checks that a history does not pass, each with what it said first. */
function brokenBy(doctor: (history: History) => void): Record<string, string> {
  const history = goodHistory();
  doctor(history);
  const broken = [...judge(history)].filter(([, findings]) => findings.length > 0);
  return Object.fromEntries(broken.map(([check, [first]]) => [check, `${first?.task_id} ${first?.what}`]));
}

const at = <T>(list: T[], index: number) => list[index] as T;
const ENDED = 'every task has ended, as its nature allows';
const COUNTED = 'every task ended once, and its attempts are counted once each';
const ONE_RUN = 'in Redis a type has one run at a time, with rising fences';
const REFUSED = 'what a lost run tells afterwards is refused';
const TRIED = 'both fences were tried: in Redis and in Postgres lost runs came too late, and were refused';
const NO_OLD = 'in Postgres no older owner of a type commits after a newer one';
const STEPS = 'every step of a task is committed once, and of a completed one each';
const WAITS = 'a task begins when what it needs has completed, and fails without beginning when that failed';
const EXECUTIONS = 'every execution ended as often as it was begun, with the counts of its tasks';

t.test('a good history passes every check', async (t) => {
  t.strictSame(
    brokenBy(() => {}),
    {},
  );
});

t.test('a task that is gone, waits for ever or ended otherwise is found', async (t) => {
  t.match(
    brokenBy(({ tasks }) => tasks.set('a', null)),
    { [ENDED]: 'a it is gone' },
  );
  const unfinished = { ...(goodHistory().tasks.get('a') as Task), status: 'pending' } as const;
  t.match(
    brokenBy(({ tasks }) => tasks.set('a', unfinished)),
    { [ENDED]: /^a it is pending/, [COUNTED]: /^a/ },
  );
  const failed = { ...unfinished, status: 'failed', last_error_type: 'supervisor_lost' } as const;
  t.match(
    brokenBy(({ tasks }) => tasks.set('a', failed)),
    { [ENDED]: /^a it is failed \(supervisor_lost/ },
    'after one loss a task has not failed',
  );
});

t.test('a task that ended twice, or an attempt that is not counted once, is found', async (t) => {
  t.match(
    brokenBy(({ events }) => events.push(at(events, 5))),
    { [COUNTED]: 'a it ended 2 times' },
  );
  t.match(
    brokenBy(({ tasks }) => Object.assign(tasks.get('b') as Task, { attempt: 2 })),
    { [COUNTED]: 'b attempt is 2 and 1 attempts ended' },
  );
  t.match(
    brokenBy(({ tasks }) => Object.assign(tasks.get('b') as Task, { max_attempts: 0 })),
    { [COUNTED]: 'b attempt 1 of 0' },
  );
});

t.test('two runs of a type at a time, and a fence that does not rise, are found', async (t) => {
  t.match(
    brokenBy(({ events }) => events.splice(5, 0, at(events, 6))),
    { [ONE_RUN]: 'b claimed while a runs' },
  );
  t.match(
    brokenBy(({ events }) => Object.assign(at(events, 4), { fence: 1 })),
    { [ONE_RUN]: 'a fence 1 was not higher' },
  );
});

t.test('an end that is accepted from a run that was lost is found', async (t) => {
  t.match(
    brokenBy(({ told }) => Object.assign(at(told, 0), { result: 'done' })),
    { [REFUSED]: 'a its run with fence 1 was lost, and ended it' },
  );
  const killed = (history: History, moment: number) => {
    history.mayBeLost.push({ from: 90, to: 110 });
    Object.assign(at(history.told, 0), { result: 'done', at: moment });
  };
  t.match(
    brokenBy((history) => killed(history, 89)),
    { [REFUSED]: /^a its run/ },
    'a kill of Redis excuses only what was told at that moment',
  );
  t.notOk(brokenBy((history) => killed(history, 100))[REFUSED]);
});

t.test('a run in which nobody came too late, or was refused for another reason, is found', async (t) => {
  t.match(
    brokenBy(({ told }) => told.splice(0, 1)),
    { [TRIED]: /Redis refused nobody/ },
  );
  t.match(
    brokenBy(({ told }) => Object.assign(at(told, 0), { result: 'not_running' })),
    { [TRIED]: /Redis refused nobody/ },
  );
  t.match(
    brokenBy(({ refusals }) => refusals.pop()),
    { [TRIED]: /nobody who began/ },
  );
  t.match(
    brokenBy(({ refusals }) => Object.assign(at(refusals, 0), { known_fence: 1 })),
    { [TRIED]: /nobody who went on/ },
  );
});

t.test('a commit of an older owner after one of a newer, and a shared fence, are found', async (t) => {
  t.match(
    brokenBy(({ ledger }) => ledger.push({ ...at(ledger, 0), number: 8 })),
    { [NO_OLD]: 'a row 8: fence 1 of one after fence 3 of one (row 7)' },
  );
  t.match(
    brokenBy(({ ledger }) => Object.assign(at(ledger, 3), { owner: 'three' })),
    { [NO_OLD]: 'a row 4: fence 2 of three shares the fence: after fence 2 of two (row 3)' },
  );
});

t.test('a step that is committed twice, out of order or never is found', async (t) => {
  t.match(
    brokenBy(({ ledger }) => ledger.splice(2, 0, at(ledger, 1))),
    { [STEPS]: 'a step 1 was committed as number 2' },
  );
  t.match(
    brokenBy(({ ledger }) => ledger.splice(6, 1)),
    { [STEPS]: 'b it is completed with 0 last steps' },
  );
});

t.test('a task that did not wait for what it needs is found', async (t) => {
  t.match(
    brokenBy(({ events }) => events.splice(2, 0, at(events, 6), at(events, 7))),
    { [WAITS]: 'b it began before a' },
  );
  t.match(
    brokenBy(({ events }) =>
      Object.assign(at(events, 7), { event: 'failed', error_type: 'dependency_failed' }),
    ),
    { [WAITS]: /^b it failed for its prerequisites/ },
  );
});

t.test('an execution that is gone, ended twice or counts wrong is found', async (t) => {
  t.match(
    brokenBy(({ executions }) => executions.set('both', null)),
    { [EXECUTIONS]: /both is gone/ },
  );
  t.match(
    brokenBy(({ executionEvents }) => executionEvents.push(at(executionEvents, 0))),
    { [EXECUTIONS]: /both: it ended 2 times/ },
  );
  t.match(
    brokenBy(({ tasks }) => Object.assign(tasks.get('b') as Task, { status: 'failed' })),
    { [EXECUTIONS]: /both: it counts 2 completed of 1/ },
  );
});

t.test(
  'a cancel that was acknowledged and did not hold, and one that nobody wished, are found',
  async (t) => {
    const cancel = (id: string, answer: Act['answer']): Act => ({ kind: 'cancel', id, at: 0, answer });
    t.match(
      brokenBy(({ acts }) => acts.push(cancel('a', 'done'))),
      { [CANCELS]: 'a its cancel was acknowledged, and it is completed' },
    );
    t.strictSame(
      brokenBy(({ acts }) => acts.push(cancel('a', 'refused'), cancel('b', 'lost'))),
      {},
    );
    t.match(
      brokenBy(({ tasks }) => Object.assign(tasks.get('b') as Task, { status: 'cancelled' })),
      { [CANCELS]: 'b it is cancelled, and nobody wished it' },
    );
  },
);

t.test(
  'a submission that a killed Redis may have lost is excused in Redis, and never in Postgres',
  async (t) => {
    /** Both were submitted at a moment and are gone, as after a kill of Redis at 100. */
    const gone = (history: History, moment: number) => {
      history.mayBeLost.push({ from: 90, to: 110 });
      for (const submission of history.submitted) submission.at = moment;
      for (const id of ['a', 'b']) history.tasks.set(id, null);
      history.executions.set('both', null);
      history.events.splice(0);
      history.executionEvents.splice(0);
    };
    const early = brokenBy((history) => gone(history, 89));
    t.match(
      early,
      { [ENDED]: 'a it is gone', [COUNTED]: /^a/, [EXECUTIONS]: /both is gone/ },
      'too early for it',
    );
    const left = brokenBy((history) => {
      gone(history, 100);
      history.ledger.push({ ...at(history.ledger, 0), number: 8 });
    });
    t.notOk(left[ENDED] ?? left[COUNTED] ?? left[EXECUTIONS]);
    t.match(left, { [NO_OLD]: /^a row 8/, [STEPS]: /^a/ });
    const known = brokenBy((history) => {
      const [first] = history.events;
      gone(history, 100);
      history.events.push(first as QueueEvent);
    });
    t.match(known, { [ENDED]: 'a it is gone' }, 'Redis knew its submission afterwards');
  },
);

t.test('a cancel is excused only by a kill of Redis at that moment', async (t) => {
  const cancelled = (history: History, moment: number) => {
    history.mayBeLost.push({ from: 90, to: 110 });
    history.acts.push({ kind: 'cancel', id: 'a', at: moment, answer: 'done' });
  };
  t.match(
    brokenBy((history) => cancelled(history, 111)),
    { [CANCELS]: /^a its cancel/ },
  );
  t.strictSame(
    brokenBy((history) => cancelled(history, 100)),
    {},
  );
});

t.test('a seed replays its schedule, with every kind of fault in it', async (t) => {
  const schedule = makeSchedule(seeded(7), 228, 100);
  t.strictSame(makeSchedule(seeded(7), 228, 100), schedule);
  t.notSame(makeSchedule(seeded(8), 228, 100), schedule);
  t.equal(schedule.length, 228);
  t.equal(new Set(schedule.map(({ kind }) => kind)).size, 11);
  t.equal(schedule.filter(({ kind }) => kind === 'block').length, 24);
});
