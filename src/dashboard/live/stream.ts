/** Server-sent events by fetch: unlike EventSource it hears heartbeats, so that a dead line is noticed. */
export interface StreamMessage {
  event: string;
  data: string;
}
export interface StreamHandlers {
  /** The line is open; everything that is known should be asked once, for it may have changed meanwhile. */
  onOpen(): void;
  onMessage(message: StreamMessage): void;
  /** The line is gone; it is tried again until it is closed. */
  onDown(): void;
}

/** The server sends a heartbeat every 10 s; after this long without a byte the line is dead, in ms. */
const SILENT_AT_MOST_MS = 25_000;
const AGAIN_AFTER_MS = 500;
const AGAIN_AT_MOST_MS = 5_000;

/** Opens the stream and keeps it open. @returns how it is closed */
export function openStream(path: string, handlers: StreamHandlers): () => void {
  const closed = new AbortController();
  void keepOpen(path, handlers, closed.signal);
  return () => closed.abort();
}

async function keepOpen(path: string, handlers: StreamHandlers, closed: AbortSignal): Promise<void> {
  const place = { id: '' };
  for (let failures = 0; !closed.aborted; failures += 1) {
    try {
      await listen(path, place, closed, handlers, () => {
        failures = 0;
        handlers.onOpen();
      });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
    if (closed.aborted) return;
    handlers.onDown();
    const pause = Math.min(AGAIN_AFTER_MS * 2 ** failures, AGAIN_AT_MOST_MS);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function listen(
  path: string,
  place: { id: string },
  closed: AbortSignal,
  handlers: StreamHandlers,
  onOpen: () => void,
): Promise<void> {
  const dead = new AbortController();
  let timer = setTimeout(() => dead.abort(), SILENT_AT_MOST_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dead.abort(), SILENT_AT_MOST_MS);
  };
  try {
    const headers: HeadersInit = place.id ? { 'last-event-id': place.id } : {};
    const response = await fetch(path, { headers, signal: AbortSignal.any([closed, dead.signal]) });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    onOpen();
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      heard();
      const whole = (rest + text).split('\n\n');
      rest = whole.pop() ?? '';
      for (const block of whole) {
        const { id, ...message } = parse(block);
        if (id) place.id = id;
        if (message.data) handlers.onMessage(message);
      }
    }
  } finally {
    clearTimeout(timer);
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
