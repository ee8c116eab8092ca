/** Plain text tables for a terminal, aligned also where cells hold Chinese (two columns wide a character). */

export type Cell = string | number | null;

/**
 * @param header names of the columns
 * @param rows cells; numbers are set to the right with thousands separators, null shows as `-`
 * @returns the table without a newline at its end
 */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [header, ...rows.map((row) => row.map(text))];
  const widths = header.map((_, column) => Math.max(...texts.map((row) => width(row[column] ?? ''))));
  const rightAligned = header.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - width(cell));
        return rightAligned[column] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((columns) => '─'.repeat(columns)).join('  ');
  return [line(header), rule, ...texts.slice(1).map(line)].join('\n');
}

function text(cell: Cell): string {
  if (cell === null || cell === '') return '-';
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : cell;
}

/** Columns a text takes: East Asian wide and fullwidth characters take two. */
function width(value: string): number {
  return [...value].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        character,
      )
        ? 2
        : 1),
    0,
  );
}

/** Milliseconds as 0:42, 12:05 or 1:02:03. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
