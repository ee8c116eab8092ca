/**
 * A process of its own that calls as much as the window lets it: `node caller.ts` with REDIS_URL, JUDGE_URL,
 * IN_FLIGHT, the window's settings, CLOCK_OFF_MS for a clock that is wrong by so much, and THINK_MS that pass
 * between a permit and its call. Tells its parent 'ready', 'thinking', and 'late' for every permit that it throws away.
 */
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../../src/clock.ts';
import { loadConfig } from '../../../src/config.ts';
import { CallWindow } from '../../../src/limits/call-window.ts';
import { createLogger } from '../../../src/log.ts';
import { openRedis } from '../../../src/queue/redis.ts';

const thinkMs = Number(process.env.THINK_MS ?? 0);
const clockOff = Number(process.env.CLOCK_OFF_MS ?? 0);
const rightNow = Date.now;
Date.now = () => rightNow() + clockOff;

const config = loadConfig();
const redis = openRedis(config.REDIS_URL, { name: 'caller' });
const window = new CallWindow(redis, config, createLogger('caller', 'error'));
await window.start();
const agent = new http.Agent({ keepAlive: true });
process.send?.('ready');
for (let i = 0; i < Number(process.env.IN_FLIGHT ?? 1); i += 1) void callForEver();

async function callForEver(): Promise<never> {
  for (;;) {
    const permit = await window.acquire('daily');
    if (thinkMs > 0) process.send?.('thinking');
    if (thinkMs > 0) await delay(thinkMs);
    if (monotonicMs() < permit.use_by) await call();
    else process.send?.('late');
    permit.used();
  }
}

function call(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(process.env.JUDGE_URL ?? '', { agent }, (response) => {
      response.resume();
      response.once('end', resolve);
    });
    request.once('error', reject);
  });
}
