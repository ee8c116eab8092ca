/** Server-sent events by fetch: unlike EventSource it hears heartbeats, so that a dead line is noticed. */
export interface StreamMessage {
  event: string;
  data: string;
}
export interface StreamHandlers {
  /** The line speaks; everything that is known should be asked once, for it may have changed meanwhile. */
  onOpen(): void;
  onMessage(message: StreamMessage): void;
  /** The line is gone, or never spoke; it is tried again until it is closed. */
  onDown(): void;
}

/** The server speaks at once and has a heartbeat every 10 s: longer silence is a dead line, or a proxy that keeps it back. */
const FIRST_WORD_WITHIN_MS = 5_000;
const NEXT_WORD_WITHIN_MS = 15_000;
const AGAIN_AFTER_MS = 500;
const AGAIN_AT_MOST_MS = 5_000;
/** A line that breaks before it is so old is a failed one, be it that it spoke: the next comes later, not at once. */
const GOOD_AFTER_MS = 10_000;

/** Opens the stream and keeps it open. @returns how it is closed */
export function openStream(path: string, handlers: StreamHandlers): () => void {
  const closed = new AbortController();
  void keepOpen(path, handlers, closed.signal);
  return () => closed.abort();
}

async function keepOpen(path: string, handlers: StreamHandlers, closed: AbortSignal): Promise<void> {
  const place = { id: '' };
  for (let failures = 0; !closed.aborted; failures += 1) {
    const began = performance.now();
    try {
      await listen(path, place, closed, handlers);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
    if (closed.aborted) return;
    handlers.onDown();
    if (performance.now() - began > GOOD_AFTER_MS) failures = 0;
    const pause = Math.min(AGAIN_AFTER_MS * 2 ** failures, AGAIN_AT_MOST_MS);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Resolves or rejects when the line is over. A stream is read by its reader: Safari can't iterate over one. */
async function listen(
  path: string,
  place: { id: string },
  closed: AbortSignal,
  handlers: StreamHandlers,
): Promise<void> {
  const line = new AbortController();
  const hangUp = () => line.abort();
  closed.addEventListener('abort', hangUp);
  let silence = setTimeout(hangUp, NEXT_WORD_WITHIN_MS);
  const expectWithin = (ms: number) => {
    clearTimeout(silence);
    silence = setTimeout(hangUp, ms);
  };
  try {
    const headers: HeadersInit = place.id ? { 'last-event-id': place.id } : {};
    const response = await fetch(path, { headers, signal: line.signal });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    expectWithin(FIRST_WORD_WITHIN_MS);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let read = await reader.read();
    if (!read.done) handlers.onOpen();
    for (let rest = ''; !read.done; read = await reader.read()) {
      expectWithin(NEXT_WORD_WITHIN_MS);
      const whole = (rest + read.value).split('\n\n');
      rest = whole.pop() ?? '';
      for (const block of whole) {
        const { id, ...message } = parse(block);
        if (id) place.id = id;
        if (message.data) handlers.onMessage(message);
      }
    }
  } finally {
    clearTimeout(silence);
    closed.removeEventListener('abort', hangUp);
    hangUp(); // what could not be read must not hold the line
  }
}

function parse(block: string): StreamMessage & { id: string } {
  const fields = { id: '', event: 'message', data: '' };
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (name) fields[name as keyof typeof fields] = value;
  }
  return fields;
}
