/** Starts a supervisor whose event loop can be blocked from outside. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshFolder } from '../../support/folder.ts';
import { type SupervisorProcess, startSupervisor } from '../../support/supervisor.ts';
import type { Torn } from '../../support/torn.ts';

const PROGRAM = fileURLToPath(new URL('./blockable-supervisor.ts', import.meta.url));

export interface BlockableSupervisor extends SupervisorProcess {
  /** Blocks its event loop, and not its threads, until what is returned is called. */
  block(): () => void;
}

/** @param env as for startSupervisor. */
export async function startBlockable(t: Torn, env: Record<string, string>): Promise<BlockableSupervisor> {
  const file = path.join(freshFolder(t, 'blocked'), 'blocked');
  const child = await startSupervisor(t, { ...env, BLOCKED_WHILE: file }, PROGRAM);
  return {
    ...child,
    block() {
      fs.writeFileSync(file, '');
      child.signal('SIGUSR2');
      return () => fs.rmSync(file, { force: true });
    },
  };
}
