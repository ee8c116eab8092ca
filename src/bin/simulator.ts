/** The simulator as a process: SIMULATOR_PORT and SIMULATOR_DATA say where it listens and what it serves. */
import { loadConfig } from '../config.ts';
import { startSimulator } from '../simulator/index.ts';
import { runProcess } from './life.ts';

await runProcess('simulator', async () => {
  const config = loadConfig();
  const simulator = await startSimulator({ port: config.SIMULATOR_PORT, data: config.SIMULATOR_DATA });
  console.log(JSON.stringify({ url: simulator.url, serves: simulator.description }));
  return simulator;
});
