/** A supervisor that is cut off from Redis works on while another one takes its task over: Postgres tells them apart. */
import t from 'tap';
import { hireCrew, type Post } from './support/crew.ts';
import { checkTakeover, midway, setStage, takenOver } from './support/takeover.ts';

t.test('what the old owner sends after its successor has begun is refused by the fence', async (t) => {
  const stage = await setStage(t);
  const crew = await hireCrew(t, 2, stage.env);
  const before = await midway(stage);
  const cutOff = crew.posts.find(({ member }) => member.supervisor_id === before.owner) as Post;
  cutOff.proxy.cut();
  await takenOver(stage, before);
  await cutOff.member.process.logged(
    (line) => line.task_id === before.task_id && line.reason === 'lease_ended',
  );
  cutOff.proxy.restore();
  await checkTakeover(t, stage, before);
  t.strictSame(await crew.dismiss(), [0, 0]);
});
