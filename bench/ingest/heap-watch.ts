/**
 * Imported by the declarations here, and so by each thread, which writes the most heap it has used to a file of its own
 * in BENCH_HEAP_FOLDER.
 */
import { writeFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { isMainThread, threadId } from 'node:worker_threads';

const folder = process.env.BENCH_HEAP_FOLDER;
if (!isMainThread && folder) {
  let most = 0;
  setInterval(() => {
    const { used_heap_size, external_memory } = getHeapStatistics();
    const used = used_heap_size + external_memory;
    if (used <= most) return;
    most = used;
    writeFileSync(`${folder}/${threadId}`, String(most));
  }, 20).unref();
}
