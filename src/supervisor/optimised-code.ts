/**
 * V8's profiler does not know code that was optimised in the middle of a loop before it began to look: of an endless
 * loop without calls it names the caller. So the optimised code of the thread is thrown away once the profiler looks,
 * and what V8 makes anew is known to it. The one thing that does so from outside is to begin coverage, by the inspector.
 * (Debugger.pause names the loop too, but to terminate a thread that was paused hung: tried.)
 */
import inspector from 'node:inspector';
import type { Worker } from 'node:worker_threads';

interface Attached {
  params: { sessionId: string; workerInfo: { workerId: string } };
}

/** Nothing waits for it: a thread inside a native call takes it up when that returns. @returns ends it */
export function forgetOptimisedCode({ threadId }: Worker): () => void {
  const session = new inspector.Session();
  session.connect();
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }: Attached) => {
    if (workerInfo.workerId !== String(threadId)) return;
    const calls = [
      { id: 1, method: 'Profiler.enable' },
      { id: 2, method: 'Profiler.startPreciseCoverage', params: { callCount: false, detailed: false } },
    ];
    for (const call of calls) {
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify(call) });
    }
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return () => session.disconnect();
}
