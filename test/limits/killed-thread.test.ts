// A thread that is killed in a call: what it had written may still arrive, and who waited for it must not take a slot.
import { pino } from 'pino';
import t from 'tap';
import type { ToTask } from '../../src/supervisor/line.ts';
import { PermitDesk } from '../../src/supervisor/permit-desk.ts';
import { freshRedis } from '../support/redis.ts';
import { openWindow, tokenUsage } from './support/window.ts';

t.test(
  'its permit counts until its call can not arrive any more; its wish for another is dropped',
  async (t) => {
    const redis = await freshRedis(t);
    const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
    const granted = Promise.withResolvers<ToTask>();
    const desk = new PermitDesk(window, granted.resolve, pino({ level: 'silent' }));
    void desk.wanted({ type: 'permit_wanted', request: 1, api_name: 'daily', interactive: false });
    t.match(await granted.promise, { type: 'permit_granted', request: 1 });
    void desk.wanted({ type: 'permit_wanted', request: 2, api_name: 'daily', interactive: false });

    const killed = performance.now();
    desk.close();
    await window.acquire('daily');
    const waited = performance.now() - killed;
    t.ok(waited > 3_000, `2 s to be written + 1 s to arrive + 1 s of window (${waited.toFixed(0)} ms)`);
    t.match(await tokenUsage(t, redis.url), { used: 1 }, 'the next in line has the slot, not the killed one');
  },
);
