/** A time that is only guessed, as exact as a guess may look. */
export interface Rough {
  unit: 'seconds' | 'minutes' | 'hours';
  count: number;
  /** Beside hours: tens of minutes. */
  minutes: number;
}

/** 42 s, 12 min, 3 h 20 min. */
export function roughly(ms: number): Rough {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return { unit: 'seconds', count: seconds, minutes: 0 };
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return { unit: 'minutes', count: minutes, minutes: 0 };
  const tens = Math.round(minutes / 10) * 10;
  return { unit: 'hours', count: Math.floor(tens / 60), minutes: tens % 60 };
}
