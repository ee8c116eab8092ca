/** What `npm start` tells people, in the end. */
import type { Config } from '../config.ts';
import { holdings } from './first-sync.ts';
import type { Market } from './market.ts';
import type { Run } from './run-file.ts';

export function sayReady(web: string, market: Market, home: string): void {
  console.log(`
  Dashboard  ${web}
  API        ${web}/api/v1
  Docs       ${web}/docs
  Health     ${web}/health
  Market     ${market.description}
  Logs       ${home}/logs
`);
}

/** The rows that are there, and what can be tried with them. */
export async function sayWhatIsThere(config: Config, web: string): Promise<void> {
  const { rows, dates, first, last, stocks } = await holdings(config);
  // without it the command would look where nothing runs
  const home = process.env.DAYLINE_HOME ? `DAYLINE_HOME='${process.env.DAYLINE_HOME}' ` : '';
  const number = (value: number) => value.toLocaleString('en-US');
  console.log(`
In Postgres: ${number(stocks)} stocks, ${number(rows)} daily bars on ${dates} trade dates, ${first} to ${last}.

Try next, in another terminal:
  ${home}npx dayline status
  ${home}npx dayline database        (the URL for psql and notebooks)
  ${home}npx dayline submit daily --mode backfill --dates ${(last ?? '').replaceAll('-', '')} --watch
  curl ${web}/api/v1/datasets`);
}

export function sayAlreadyRunning(run: Run, home: string): void {
  console.log(`Dayline is already running: ${run.web} (process ${run.up.pid}, since ${run.started_at}).
Stop it with Ctrl-C in its terminal, or with \`kill ${run.up.pid}\`. Another one beside it needs its own DAYLINE_HOME
(this one: ${home}).`);
}
