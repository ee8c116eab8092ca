/** A supervisor like src/bin/supervisor.ts, with the jobs of jobs.ts instead of the six. */
import { runProcess } from '../../../src/bin/life.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/log.ts';
import { Supervisor } from '../../../src/supervisor/supervisor.ts';
import { testJobs } from './jobs.ts';

await runProcess('supervisor', async () => {
  const config = loadConfig();
  const supervisor = new Supervisor(config, createLogger('supervisor', config.LOG_LEVEL), testJobs);
  await supervisor.start((error) => {
    console.error(error);
    process.exit(1);
  });
  return supervisor;
});
