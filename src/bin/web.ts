/** The web process: submits and queries; it can't run a sync. */
import { startWeb } from '../api/web.ts';
import { loadConfig } from '../config.ts';
import { runProcess } from './life.ts';

await runProcess('web', async () => {
  const web = await startWeb(loadConfig());
  console.log(`Dayline is at ${web.url}`);
  return web;
});
