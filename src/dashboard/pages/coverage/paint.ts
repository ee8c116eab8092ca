/** Draws rows of the heatmap on a canvas: 40,000 cells as elements of a page would take seconds, drawn they take ms. */
import type { CoverageGridRow } from '../../api/data.ts';
import { isUndated, type PALETTES, STATES, sumOf, totalOf, wholeOf } from './states.ts';

type Palette = (typeof PALETTES)['light'];

/** Height of a row and of the cell in it, in px. */
export const ROW_PX = 20;
const CELL_PX = 16;
/** A state that a cell has at all is seen: in px. */
const SEEN_PX = 3;
/** Cells this wide have a gap between them, in px. */
const GAP_FROM_PX = 5;

/** Where a column begins, in px. */
export const columnX = (at: number, columns: number, width: number): number =>
  Math.round((at * width) / columns);

/** The column at a place, within the columns there are. */
export const columnAt = (x: number, columns: number, width: number): number =>
  Math.min(columns - 1, Math.max(0, Math.floor((x / width) * columns)));

/** Draws all rows, one below the other. @param width of the canvas in px of the page */
export function paintRows(
  canvas: HTMLCanvasElement,
  rows: readonly CoverageGridRow[],
  columns: number,
  width: number,
  palette: Palette,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(rows.length * ROW_PX * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  for (const [index, row] of rows.entries()) {
    const top = index * ROW_PX + (ROW_PX - CELL_PX) / 2;
    if (isUndated(row)) paintWhole(context, row, top, width, palette);
    else paintCells(context, row, top, columns, width, palette);
  }
}

/** Every cell is a column of its states, as high as each one's share. */
function paintCells(
  context: CanvasRenderingContext2D,
  row: CoverageGridRow,
  top: number,
  columns: number,
  width: number,
  palette: Palette,
): void {
  const gap = width / columns >= GAP_FROM_PX ? 1 : 0;
  for (let at = 0; at < columns; at += 1) {
    const sums = sumOf(row, at, at);
    const total = totalOf(sums);
    if (total === 0) continue;
    const x = columnX(at, columns, width);
    const wide = columnX(at + 1, columns, width) - x - gap;
    let bottom = top + CELL_PX;
    for (const state of STATES) {
      if (sums[state] === 0) continue;
      const high = Math.max(SEEN_PX, (sums[state] / total) * CELL_PX);
      context.fillStyle = palette[state];
      context.fillRect(x, Math.max(top, bottom - high), wide, Math.min(high, CELL_PX));
      bottom = Math.max(top + SEEN_PX, bottom - high);
    }
  }
}

/** What has no days is one bar, its states beside each other. */
function paintWhole(
  context: CanvasRenderingContext2D,
  row: CoverageGridRow,
  top: number,
  width: number,
  palette: Palette,
): void {
  const whole = wholeOf(row);
  const total = totalOf(whole);
  let x = 0;
  for (const state of STATES) {
    if (whole[state] === 0) continue;
    const wide = Math.max(SEEN_PX, (whole[state] / total) * width);
    context.fillStyle = palette[state];
    context.fillRect(x, top + 4, wide, CELL_PX - 8);
    x += wide;
  }
}
