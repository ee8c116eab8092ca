import t from 'tap';
import type { FetchedUnit } from '../../src/sync/fetch-unit.ts';
import { Inbox } from '../../src/sync/inbox.ts';

const unit = (index: number, rows: number, columns = ['a']): FetchedUnit => ({
  index,
  unit: { dataset: 'daily', partitions: [String(index)], expected: [rows] },
  columns,
  copy: Buffer.alloc(0),
  rows,
  fetched: [rows],
  short: [],
  repeated: 0,
});
const indexes = (batch: FetchedUnit[] | null) => batch?.map((fetched) => fetched.index);
const LIMITS = { units: 3, rows: 100, waitMs: 60_000 };

t.test('a batch goes out when it has its units or its rows', async (t) => {
  const inbox = new Inbox(1000);
  for (const [index, rows] of [10, 10, 10, 60, 60, 500].entries()) inbox.put(unit(index, rows));
  t.same(indexes(await inbox.nextBatch(LIMITS)), [0, 1, 2], 'three units');
  t.same(indexes(await inbox.nextBatch(LIMITS)), [3], 'two would be over 100 rows');
  t.same(indexes(await inbox.nextBatch(LIMITS)), [4]);
  t.same(indexes(await inbox.nextBatch(LIMITS)), [5], 'one unit goes out, however large it is');
});

t.test('a batch goes out when its first unit has waited long enough, or nothing more comes', async (t) => {
  const inbox = new Inbox(1000);
  const first = inbox.nextBatch({ ...LIMITS, waitMs: 20 });
  inbox.put(unit(0, 1));
  t.same(indexes(await first), [0]);
  inbox.put(unit(1, 1));
  const last = inbox.nextBatch(LIMITS);
  inbox.close();
  t.same(indexes(await last), [1]);
  t.equal(await inbox.nextBatch(LIMITS), null);
  inbox.put(unit(2, 1));
  t.equal(await inbox.nextBatch(LIMITS), null, 'what comes after the close is dropped');
});

t.test('units with other columns wait for their own batch; empty ones go with any', async (t) => {
  const inbox = new Inbox(1000);
  inbox.put(unit(0, 1));
  inbox.put(unit(1, 0, ['a', 'b']));
  inbox.put(unit(2, 1, ['a', 'b']));
  inbox.close();
  t.same(indexes(await inbox.nextBatch(LIMITS)), [0, 1]);
  t.same(indexes(await inbox.nextBatch(LIMITS)), [2]);
});

t.test('fetching waits while too many rows lie here', async (t) => {
  const inbox = new Inbox(100);
  await inbox.room();
  inbox.put(unit(0, 100));
  let room = false;
  const waiting = inbox.room().then(() => {
    room = true;
  });
  await new Promise(setImmediate);
  t.notOk(room);
  await inbox.nextBatch(LIMITS);
  await waiting;
  t.ok(room);
});
