/** One logger per process: JSON lines with UTC times, as dynos and log collectors want them. */
import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * @param process_name stands on every line: web, supervisor, simulator, thread.
 * @param hide takes secrets out of a whole line, whichever words or fields brought them there (redact.ts).
 */
export function createLogger(process_name: string, level: string, hide?: (line: string) => string): Logger {
  return pino({
    name: process_name,
    level,
    ...(hide ? { hooks: { streamWrite: hide } } : {}),
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withoutBaggage },
  });
}

/**
 * What a line says of an error, causes included. pino would add every field that a library hung on it: the command
 * that Redis refused with the password in it, or a URL that can't be parsed.
 */
function withoutBaggage(error: unknown) {
  if (!(error instanceof Error)) return String(error);
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, code: (error as { code?: unknown }).code };
}
