/** The axes by name, in the order they are run. */
import type { Bench } from '../bench.ts';
import { deadline } from './deadline.ts';
import { enqueue } from './enqueue.ts';
import { flat } from './flat.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import { lostSupervisor } from './lost-supervisor.ts';
import { memory } from './memory.ts';
import { scaling } from './scaling.ts';
import { throughput } from './throughput.ts';
import { zombie } from './zombie.ts';

export const AXES: Record<string, (bench: Bench) => Promise<void>> = {
  throughput,
  enqueue,
  latency,
  deadline,
  'lost-supervisor': lostSupervisor,
  scaling,
  zombie,
  memory,
  idle,
  flat,
};
