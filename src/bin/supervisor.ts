/** The supervisor process: `node src/bin/supervisor.ts`. As many as you like, all alike. */
import { loadConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { oldSettings } from '../old-settings.ts';
import { secretHider } from '../redact.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { runProcess } from './life.ts';

await runProcess('supervisor', async () => {
  const config = loadConfig();
  const log = createLogger('supervisor', config.LOG_LEVEL, secretHider(config));
  for (const warning of oldSettings()) log.warn(warning);
  const supervisor = new Supervisor(config, log);
  await supervisor.start((error) => {
    // Escalated up to the root: the process ends, and whoever runs the dyno starts it afresh.
    log.fatal({ err: error }, 'the supervision tree gave up');
    process.exit(1);
  });
  return supervisor;
});
