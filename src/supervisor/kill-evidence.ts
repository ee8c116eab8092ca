/**
 * What a thread was doing before it was killed: its CPU profile, taken from outside shortly before the deadline, and
 * of that the hottest stack. Whatever the profile does, nothing waits for it: the kill goes at the deadline.
 */
import type { CPUProfileHandle } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { forgetOptimisedCode } from './optimised-code.ts';

/** The profile begins this long before the deadline, in ms. */
export const OBSERVED_BEFORE_MS = 500;
/** It is read this long after it was asked for, in ms, so that the answer is there before the kill. */
const OBSERVED_FOR_MS = 380;
const FRAMES_AT_MOST = 20;

/** A CPU profile as V8 writes it: the parts that are used. */
interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    hitCount?: number;
    children?: number[];
    positionTicks?: { line: number; ticks: number }[];
  }[];
}
type ProfileNode = Profile['nodes'][number];

export class KillEvidence {
  #redact: (text: string) => string;
  #handle: CPUProfileHandle | undefined;
  #reading: NodeJS.Timeout | undefined;
  #endForgetting: (() => void) | undefined;
  #ended = false;
  #found: string | undefined;

  /** @param worker the thread that runs the task. @param redact takes project paths and secrets out of a text */
  constructor(worker: Worker, redact: (text: string) => string) {
    this.#redact = redact;
    this.#reading = setTimeout(() => void this.#read(), OBSERVED_FOR_MS);
    worker.startCpuProfile().then(
      (handle) => {
        this.#handle = handle;
        if (this.#ended) this.#discard();
        else this.#endForgetting = forgetOptimisedCode(worker);
      },
      () => {}, // the thread is gone
    );
  }

  /** The task is over, or its thread: a profile that still runs is stopped. @returns what was found in time */
  end(): string | undefined {
    this.#ended = true;
    clearTimeout(this.#reading);
    this.#endForgetting?.();
    this.#discard();
    return this.#found;
  }

  async #read(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (!handle) {
      const ms = OBSERVED_FOR_MS;
      this.#found = `The thread did not answer in the last ${ms} ms: it was inside a native call, or got no processor.`;
      return;
    }
    try {
      this.#found = this.#redact(hottestStack(JSON.parse(await handle.stop()) as Profile));
    } catch {
      // the thread went before it answered
    }
  }

  #discard(): void {
    this.#handle?.stop().catch(() => {});
    this.#handle = undefined;
  }
}

/** The stack that was seen most often, its innermost function first. */
export function hottestStack({ nodes }: Profile): string {
  const parents = new Map<number, ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);
  const hits = (node: ProfileNode) => node.hitCount ?? 0;
  const samples = nodes.reduce((sum, node) => sum + hits(node), 0);
  const hottest = nodes.toSorted((a, b) => hits(b) - hits(a))[0];
  if (!hottest || samples === 0) return 'The thread was looked at before its deadline, and nothing was seen.';
  const share = Math.round((hits(hottest) / samples) * 100);
  const frames: string[] = [];
  for (let node: ProfileNode | undefined = hottest; node; node = parents.get(node.id)) {
    if (node.callFrame.functionName !== '(root)') frames.push(`    at ${frameText(node)}`);
  }
  const what = SPECIAL[hottest.callFrame.functionName] ?? 'was here';
  const seen = `Before its deadline the thread ${what} (${share} % of ${samples} samples):`;
  return [seen, ...frames.slice(0, FRAMES_AT_MOST)].join('\n');
}

/** What V8 calls time that it saw in no function. */
const SPECIAL: Record<string, string> = {
  '(idle)': 'was idle, waiting for a timer, an answer or a promise',
  '(program)': 'was in native code',
  '(garbage collector)': 'was collecting garbage',
};

/** Function, file and line: of the place in it that was hit most often, else of its beginning. */
function frameText({ callFrame, positionTicks = [] }: ProfileNode): string {
  const { functionName, url, lineNumber } = callFrame;
  const name = functionName || '(anonymous)';
  if (!url) return name;
  const line = positionTicks.toSorted((a, b) => b.ticks - a.ticks)[0]?.line ?? lineNumber + 1;
  return `${name} (${url}${line > 0 ? `:${line}` : ''})`;
}
