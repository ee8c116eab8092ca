/** What `dayline completion` prints, in a real bash. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { SYNC_JOB_IDS } from '../../src/sync/jobs.ts';
import { dayline } from '../support/cli.ts';
import { freshFolder } from '../support/folder.ts';

const run = promisify(execFile);

t.test('bash completes commands, options, their values, datasets and jobs', async (t) => {
  const { code, stdout, stderr } = await dayline(t, ['completion', 'bash']);
  t.same([code, stderr], [0, '']);
  const file = path.join(freshFolder(t, 'completion'), 'dayline.bash');
  fs.writeFileSync(file, stdout);
  /** What it offers for the last word of a command line, as bash itself would ask. */
  const offered = async (...words: string[]) => {
    const call = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dayline';
    const script = `${call}; printf "%s\\n" "\${COMPREPLY[@]}"`;
    const done = await run('bash', ['--norc', '-uc', script, 'bash', file, 'dayline', ...words]);
    return done.stdout.split('\n').filter(Boolean);
  };
  const commands = await offered('');
  for (const command of ['submit', 'backfill', 'schedules', 'actions', 'completion'])
    t.ok(commands.includes(command), command);
  t.same(await offered('sub'), ['submit']);
  t.same(await offered('submit', 'daily_b'), ['daily_basic']);
  t.same(await offered('submit', 'daily', '--mo'), ['--mode']);
  t.same(await offered('submit', 'daily', '--mode', 'h'), ['history']);
  t.same(await offered('submit', 'daily', '--from', ''), [], 'a date is anybody’s guess');
  t.same(await offered('submit', '--mode', 'full', 'trade_c'), ['trade_cal'], 'after an option, too');
  t.same(await offered('schedules', 's'), ['stop', 'set']);
  t.same(await offered('schedules', 'run', ''), SYNC_JOB_IDS);
  t.same(await offered('schedules', 'set', 'sync_stock_basic', '--c'), ['--cron']);
  t.same(await offered('completion', ''), ['bash', 'zsh', 'fish']);
  t.ok((await offered('stop', '--')).includes('--help'), 'the stop of tasks is not that of schedules');
  t.same(await offered('no-such-command', ''), commands);
});

t.test('zsh and fish get theirs; another shell is refused', async (t) => {
  const zsh = await dayline(t, ['completion', 'zsh']);
  t.match(zsh.stdout, /^#[^\n]*\nautoload -U \+X bashcompinit && bashcompinit\n_dayline\(\) \{/);
  const fish = (await dayline(t, ['completion', 'fish'])).stdout;
  for (const line of fish.split('\n').slice(1).filter(Boolean))
    t.match(
      line,
      /^complete -c dayline -f -n '[^']+' (-a [\w-]+|-l [\w-]+|-xa '[^']*')( -d '([^'\\]|\\.)*')?( -xa '[^']*')?$/,
    );
  t.match(fish, /-n 'test \(commandline -opc\)\[2\] = submit' -xa '.*\bdaily_basic\b/);
  const other = await dayline(t, ['completion', 'tcsh']);
  t.not(other.code, 0);
  t.match(other.stderr, /bash, zsh, fish/);
});
