/** Examples under the help of every command that has none of its own, by its name. */
import type { Command } from 'commander';
import { say } from './language.ts';

const EXAMPLES: Record<string, readonly string[]> = {
  up: ['dayline up', 'PORT=8800 DAYLINE_HOME=~/market dayline up'],
  migrate: ['dayline migrate', 'DATABASE_URL=postgres://quant@db.local/market dayline migrate'],
  doctor: ['dayline doctor', 'dayline doctor --call', 'dayline doctor --json'],
  database: ['psql "$(dayline database)"', 'DATABASE_URL=$(dayline database) python factors.py'],
  settings: ['dayline settings', 'dayline settings --json'],
  actions: ['dayline actions', 'dayline actions --actor alice --from 2026-11-01T00:00:00+08:00'],
  submit: [
    'dayline submit stock_basic',
    'dayline submit daily --from 20190101 --to 20191231 --watch',
    'dayline submit daily --dates 20190102,20190103',
  ],
  status: ['dayline status', 'dayline status Vb3kQ0aXw9Zt1LmN'],
  tasks: [
    'dayline tasks --status failed',
    'dayline tasks --type daily.history --json',
    'dayline tasks --history --dataset daily --from 2026-11-01T00:00:00+08:00',
  ],
  executions: ['dayline executions', 'dayline executions --kind backfill --history'],
  watch: ['dayline watch Vb3kQ0aXw9Zt1LmN'],
  cancel: ['dayline cancel Vb3kQ0aXw9Zt1LmN'],
  stop: ['dayline stop Vb3kQ0aXw9Zt1LmN'],
  retry: ['dayline retry Vb3kQ0aXw9Zt1LmN'],
  datasets: [
    'dayline datasets',
    'dayline datasets --q 融资',
    'dayline datasets --group daily_close --available',
  ],
  'code-changes': ['dayline code-changes', 'dayline code-changes 600631.SH'],
  limits: ['dayline limits'],
  reopen: ['dayline reopen dividend'],
  'schedules list': ['dayline schedules'],
  'schedules run': ['dayline schedules run sync_daily_by_date --watch'],
  'schedules stop': ['dayline schedules stop sync_daily_by_date'],
  'schedules set': [
    'dayline schedules set sync_daily_by_date --at 18:10',
    "dayline schedules set sync_daily_by_date --cron '0 18 * * 1-5'",
    'dayline schedules set sync_daily_by_date --enable',
  ],
  'schedules log': ['dayline schedules log', 'dayline schedules log sync_daily_by_date --limit 20'],
  supervisors: ['dayline supervisors'],
  drain: ['dayline drain host-1234-5f0c'],
  resume: ['dayline resume host-1234-5f0c'],
};

/** @param group what stands before the names of these commands: the command that they belong to */
export function addExamples(parent: Command, group = ''): void {
  for (const command of parent.commands) {
    const name = `${group}${command.name()}`;
    const examples = EXAMPLES[name];
    if (examples) {
      const lines = examples.map((example) => `\n  ${example}`).join('');
      command.addHelpText('after', `\n${say('Examples:', '示例：')}${lines}`);
    }
    addExamples(command, `${name} `);
  }
}
