// R82: every call to TuShare is made by the client with its permits. R87: nothing above it paces or throttles.
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';

const ROOT = path.join(import.meta.dirname, '../..');

/** Every source below these folders, without its comments. */
function sources(...folders: string[]): [file: string, code: string][] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name): [string, string] => {
        const text = fs.readFileSync(path.join(ROOT, folder, name), 'utf8');
        return [path.join(folder, name), text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')];
      }),
  );
}

const filesWith = (pattern: RegExp, ...folders: string[]) =>
  sources(...folders)
    .filter(([, code]) => pattern.test(code))
    .map(([file]) => file);

t.test(
  'one way to TuShare: the client of a thread, whose permits come from the call window (R82)',
  async (t) => {
    t.same(filesWith(/\bnew TushareClient\(/, 'src', 'workers'), ['workers/run-context.ts']);
    t.same(filesWith(/\bexchange\(/, 'src', 'workers'), ['src/tushare/client.ts', 'src/tushare/exchange.ts']);
    t.match(
      fs.readFileSync(path.join(ROOT, 'workers/run-context.ts'), 'utf8'),
      /permits: permitsOfRun\(line,/,
    );
    t.same(
      filesWith(/\b(http|https)\.(request|get)\(|\bfetch\(/, 'src', 'workers').filter(
        (file) => !/^src\/(cli|dashboard)\//.test(file),
      ),
      ['src/scheduler/webhook.ts'],
      'nobody else speaks HTTP to the outside, but for the webhook that a user names',
    );
  },
);

/** What waits in the use cases, and for what: none of it paces calls. */
const WAITS: Record<string, string> = {
  'src/sync/fetch-ahead.ts': 'answers that are still under way when a run pauses',
  'src/sync/inbox.ts': 'the longest wait of a batch for its next unit',
  'src/sync/run.ts': 'the heartbeat of a run',
};

t.test('no semaphore and no sleep in the use cases (R87)', async (t) => {
  const folders = ['src/sync', 'src/datasets'];
  if (fs.existsSync(path.join(ROOT, 'src/scheduler'))) folders.push('src/scheduler');
  const limiters =
    /['"](bottleneck|p-limit|p-queue|p-throttle|async-sema|async-mutex|rate-limiter-flexible)['"]|limits\/call-window|\bSemaphore\b/;
  t.same(filesWith(limiters, ...folders), []);
  const timers = /\b(setTimeout|setInterval|delay|sleep)\(|timers\/promises|Atomics\.wait\b/;
  t.same(filesWith(timers, 'src/sync', 'src/datasets').sort(), Object.keys(WAITS).sort());
});

t.test('the rules can fail: the same search finds what it should elsewhere', async (t) => {
  t.ok(filesWith(/['"]bottleneck['"]/, 'src/limits').length > 0);
  t.ok(filesWith(/\bfetch\(/, 'src/cli').length > 0);
});
