/** Figures in the text form that Prometheus reads (0.0.4). */

/** One figure: its labels and its value. */
export type Sample = [labels: Record<string, string>, value: number];

/** A figure, or several that differ in their labels, with what it says in one line. */
export interface Metric {
  name: string;
  help: string;
  /** counter: it only grows, but for restarts. */
  type?: 'gauge' | 'counter';
  samples: Sample[];
}

export function textOf({ name, help, type = 'gauge', samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}${labelsOf(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelsOf(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string) => value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
