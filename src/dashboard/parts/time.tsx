/** Moments and durations as people read them. */
import { useEffect, useState } from 'react';
import { commonWords } from '../words/common.ts';
import { type Language, useLanguage, useWords } from '../words/language.tsx';

const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Number.POSITIVE_INFINITY],
] as const;

/** This moment in ms, anew every second. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function relative(language: Language, ms: number): string {
  let amount = ms / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size)
      // "now" has a word; a day that is rounded must not become "tomorrow"
      return new Intl.RelativeTimeFormat(language, {
        numeric: unit === 'second' ? 'auto' : 'always',
        style: 'short',
      }).format(Math.round(amount), unit);
    amount /= size;
  }
  return '';
}

function absolute(ms: number, timeZone?: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    ...(timeZone ? { timeZone } : {}),
  });
  return text.format(ms);
}

/**
 * "2 min. ago"; the exact moment on hover, here and in Shanghai.
 * @param ahead it is expected: once it has passed it is due now
 */
export function TimeAgo({ at, ahead = false }: { at: string; ahead?: boolean }) {
  const { language } = useLanguage();
  const t = useWords(commonWords);
  const now = useNow();
  const ms = Date.parse(at);
  const title = `${t.local}: ${absolute(ms)}\n${t.shanghai}: ${absolute(ms, 'Asia/Shanghai')}`;
  return (
    <time dateTime={at} title={title}>
      {relative(language, ahead ? Math.max(0, ms - now) : ms - now)}
    </time>
  );
}

/** Both clocks in full, where there is room; one where both tell the same. */
export function Moment({ at }: { at: string }) {
  const t = useWords(commonWords);
  const ms = Date.parse(at);
  const [here, there] = [absolute(ms), absolute(ms, 'Asia/Shanghai')];
  return (
    <span className="nums">
      {here} · <TimeAgo at={at} />
      {there !== here && ` · ${t.shanghai} ${there.slice(11)}`}
    </span>
  );
}

/** 0:07, 12:30, 1:02:03. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [h = 0, m = 0, s = 0] = parts;
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 350 ms, 2.4 s, 38 s, then as {@link duration}: for times of which many stand together. */
export function briefly(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  return seconds < 59.5 ? `${Math.round(seconds)} s` : duration(Math.round(seconds) * 1000);
}

/** From its beginning to its end, or to now. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const now = useNow();
  return <span className="nums">{duration((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}
