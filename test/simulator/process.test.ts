import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { realData, skipWithoutRealData as skip } from '../support/real-data.ts';

const PROGRAM = new URL('../../src/bin/simulator.ts', import.meta.url).pathname;

for (const data of ['', realData ?? 'absent']) {
  const options = data ? { skip } : {};
  t.test(`as a process with ${data ? 'real data' : 'the generated market'}`, options, async (t) => {
    const child = fork(PROGRAM, {
      env: { PATH: process.env.PATH, SIMULATOR_DATA: data },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    t.teardown(() => child.kill('SIGKILL'));
    const printed = text(child.stdout as Readable);
    const [message] = await once(child, 'message');
    t.match(message, { type: 'ready', url: /^http:\/\/127\.0\.0\.1:\d+$/ });
    const body = JSON.stringify({ api_name: 'daily', token: 'x', params: { trade_date: '20190102' } });
    t.match(await (await fetch(message.url, { method: 'POST', body })).json(), { code: 0 });
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    t.equal(code, 0);
    t.match(JSON.parse(await printed), { url: message.url, serves: data ? /recorded/ : /generated/ });
  });
}
