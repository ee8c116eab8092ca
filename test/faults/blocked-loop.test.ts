/** The event loop of a supervisor is blocked for longer than its lease, while its threads work on: the fence decides. */
import t from 'tap';
import { startSupervisor } from '../support/supervisor.ts';
import { startBlockable } from './support/blockable.ts';
import { readLedger } from './support/ledger.ts';
import { checkTakeover, midway, setStage, takenOver } from './support/takeover.ts';

const BLOCKED_MS = 7_000;

t.test('its task is taken over, and what its thread sends afterwards is refused', async (t) => {
  const stage = await setStage(t);
  const blocked = await startBlockable(t, stage.env);
  const before = await midway(stage);
  await startSupervisor(t, stage.env);

  setTimeout(blocked.block(), BLOCKED_MS);
  const committed = (await readLedger(stage.env.DATABASE_URL)).length;
  await takenOver(stage, before);
  // whichever it finds first when it wakes
  await blocked.logged(
    (line) =>
      line.task_id === before.task_id && /^(lease_lost|lease_ended|lock_lost)$/.test(String(line.reason)),
  );
  await checkTakeover(t, stage, before, committed); // its thread went on committing
  t.match(await stage.queue.get(before.task_id), { losses: 0, attempt: 1 });
  t.equal(await blocked.stop(), 0);
});
