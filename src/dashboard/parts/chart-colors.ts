/** Colours of charts, which ECharts takes as they are: those of the theme's variables it can't read. */
import type { TaskStatus } from '../api/types.ts';

export const STATUS_INKS: Record<TaskStatus, string> = {
  pending: '#868e96',
  running: '#1c7ed6',
  completed: '#2b8a3e',
  failed: '#e03131',
  cancelled: '#e67700',
};

/** Text, lines and what is drawn pale, on the ground of the theme. */
export function inksOf(dark: boolean) {
  return dark
    ? { text: '#c1c2c5', line: '#3b3f45', pale: '#3b3f45', ground: '#25262b' }
    : { text: '#495057', line: '#e9ecef', pale: '#dee2e6', ground: '#ffffff' };
}

/** A box with text of the API: drawn, never taken for HTML. */
export function tooltipOf(dark: boolean) {
  const { text, line, ground } = inksOf(dark);
  return {
    renderMode: 'richText',
    backgroundColor: ground,
    borderColor: line,
    textStyle: { color: text },
    confine: true,
  };
}
