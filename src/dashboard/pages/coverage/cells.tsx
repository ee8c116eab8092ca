/** The cells of some rows, drawn on one canvas, and what is picked of them. */
import { useComputedColorScheme } from '@mantine/core';
import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import type { CoverageGridRow } from '../../api/data.ts';
import { columnAt, columnX, paintRows, ROW_PX } from './paint.ts';
import { PALETTES } from './states.ts';

/** A range of columns of a dataset; `from` is where it began. */
export interface Picked {
  dataset: string;
  from: number;
  to: number;
}

export function Cells({
  rows,
  columns,
  width,
  picked,
  pick,
  hover,
  done,
}: {
  rows: CoverageGridRow[];
  columns: number;
  width: number;
  picked: Picked | null;
  pick: (picked: Picked | null) => void;
  hover: (cell: Picked | null) => void;
  /** The pointer has let go. */
  done: (picked: Picked) => void;
}) {
  const scheme = useComputedColorScheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const began = useRef<Picked | null>(null);
  useLayoutEffect(() => {
    if (canvas.current && width > 0) paintRows(canvas.current, rows, columns, width, PALETTES[scheme]);
  }, [rows, columns, width, scheme]);

  const cellAt = (event: PointerEvent<HTMLElement>): Picked | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const row = rows[Math.floor((event.clientY - box.top) / ROW_PX)];
    const at = columnAt(event.clientX - box.left, columns, width);
    return row ? { dataset: row.dataset, from: at, to: at } : null;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const cell = cellAt(event);
    if (began.current && cell) {
      const range = { ...began.current, to: cell.to };
      pick(range);
      hover(range);
    } else hover(cell);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const cell = cellAt(event);
    if (began.current && cell) done({ ...began.current, to: cell.to });
    began.current = null;
  };
  const at = rows.findIndex(({ dataset }) => dataset === picked?.dataset);
  return (
    <div
      className="heat-cells"
      style={{ height: rows.length * ROW_PX }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        began.current = cellAt(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        pick(began.current);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        began.current = null;
      }}
      onPointerLeave={() => hover(null)}
    >
      <canvas ref={canvas} />
      {picked && at >= 0 && <Frame picked={picked} top={at * ROW_PX} columns={columns} width={width} />}
    </div>
  );
}

function Frame({
  picked: { from, to },
  top,
  columns,
  width,
}: {
  picked: Picked;
  top: number;
  columns: number;
  width: number;
}) {
  const left = columnX(Math.min(from, to), columns, width);
  const right = columnX(Math.max(from, to) + 1, columns, width);
  return (
    <div className="heat-frame" style={{ left: left - 1, top, width: right - left + 1, height: ROW_PX }} />
  );
}
