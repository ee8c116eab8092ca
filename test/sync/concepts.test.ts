/** The concept job: the boards, then the members of each, every board for itself. */
import t from 'tap';
import { runConcepts } from '../../src/sync/concepts.ts';
import { bench, type Request, type Row } from './support.ts';

const here = await bench(t, { SYNC_CALLS_IN_FLIGHT: '1' });
const BOARDS = Array.from({ length: 20 }, (_, n) => `${885001 + n}.TI`);
const [, SECOND = '', THIRD = ''] = BOARDS;

/** Boards and their members; the boards in `broken` are answered with nonsense. */
async function boards(broken: Set<string> = new Set(), members: Record<string, string[]> = {}) {
  await here.clear();
  here.answers = ({ api_name, params }: Request): Row[] => {
    if (api_name === 'ths_index') return BOARDS.map((ts_code) => ({ ts_code, name: 'x', type: 'N' }));
    const ts_code = String(params.ts_code);
    if (broken.has(ts_code)) return [{ ts_code, con_code: null }];
    return (members[ts_code] ?? ['600000.SH', '600001.SH']).map((con_code) => ({
      ts_code,
      con_code,
      is_new: 'Y',
    }));
  };
  return { broken, members };
}

let number = 0;
const run = () => {
  here.requests.length = 0;
  const ids = { task_id: `concepts ${++number}`, fence: number, job_type: 'concept.incremental' };
  return here.run({ dataset: 'concept_boards', mode: 'incremental', ...ids }, {}, runConcepts);
};
const failures = () =>
  here.rows(
    'SELECT job_type, third_code, retry_count, resolved_at IS NOT NULL AS resolved FROM sync_failure_records ORDER BY 2',
  );

t.test('the boards, then the members of each', async (t) => {
  await boards();
  t.match(await run(), { kind: 'completed', records_processed: 60 });
  t.equal(here.requests[0]?.api_name, 'ths_index');
  t.same(
    here.requests.slice(1).map(({ params }) => params.ts_code),
    BOARDS,
  );
  t.match(await here.rows(`SELECT job_type, status, config->>'part' AS part FROM sync_tasks ORDER BY part`), [
    { job_type: 'concept.incremental', status: 'COMPLETED', part: 'ths_index' },
    { job_type: 'concept.incremental', status: 'COMPLETED', part: null },
  ]);
});

t.test('a board that fails holds up no other; it comes first next time, and is resolved', async (t) => {
  const { broken } = await boards(new Set([SECOND, THIRD]));
  t.match(await run(), { kind: 'completed', records_processed: 56 });
  t.match(await failures(), [
    { job_type: 'concept.incremental', third_code: SECOND, retry_count: 0, resolved: false },
    { third_code: THIRD, resolved: false },
  ]);
  t.same(await here.rows('SELECT count(DISTINCT ts_code) AS boards FROM ths_member'), [{ boards: 18 }]);
  broken.delete(THIRD);
  await run();
  t.same(
    here.requests.slice(1, 3).map(({ params }) => params.ts_code),
    [SECOND, THIRD],
  );
  t.match(await failures(), [
    { third_code: SECOND, retry_count: 1, resolved: false },
    { third_code: THIRD, resolved: true },
  ]);
});

t.test('a stock that left its board is taken out of it, and kept as a revision', async (t) => {
  const { members } = await boards();
  await run();
  members[SECOND] = ['600001.SH'];
  await run();
  t.same(await here.rows(`SELECT con_code FROM ths_member WHERE ts_code = '${SECOND}'`), [
    { con_code: '600001.SH' },
  ]);
  t.same(await here.rows('SELECT change, key FROM row_revisions'), [
    { change: 'deleted', key: { ts_code: SECOND, con_code: '600000.SH' } },
  ]);
});

t.test('an empty list of boards is refused, and no member is asked for', async (t) => {
  await boards();
  await run();
  here.answers = () => [];
  await t.rejects(run(), { type: 'data_rejected', message: /ths_index: TuShare answered no row/ });
  t.equal(here.requests.length, 1);
  t.same(await here.rows('SELECT count(*) AS boards FROM ths_index'), [{ boards: 20 }]);
});
