/** The heatmap: names on the left, a canvas for the cells of each group. Mouse, finger and keys choose a range of a row. */
import { Anchor, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { CoverageGrid, CoverageGridRow } from '../../api/data.ts';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';
import { Axis } from './axis.tsx';
import { useCellText } from './cell-text.ts';
import { Cells, type Picked } from './cells.tsx';

export interface Section {
  title: string;
  rows: CoverageGridRow[];
}

/** The cell at a place in a row moved by a key; null: the key does nothing. */
function moved(picked: Picked, key: string, rows: string[], columns: number, extend: boolean): Picked | null {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[key];
  const clamp = (value: number, last: number) => Math.min(last, Math.max(0, value));
  if (across) {
    const to = clamp(picked.to + across, columns - 1);
    return { ...picked, from: extend ? picked.from : to, to };
  }
  if (down)
    return { ...picked, dataset: rows[clamp(rows.indexOf(picked.dataset) + down, rows.length - 1)] ?? '' };
  return null;
}

export function Heatmap({
  grid,
  sections,
  zoom,
  open,
}: {
  grid: CoverageGrid;
  sections: Section[];
  /** Shows another span: `2025` or `2025-03`. */
  zoom: (span: string) => void;
  /** A range of a row was chosen. */
  open: (row: CoverageGridRow, first: number, last: number) => void;
}) {
  const t = useWords(heatmapWords);
  const { ref, width } = useElementSize();
  const [picked, setPicked] = useState<Picked | null>(null);
  const [hovered, setHovered] = useState<Picked | null>(null);
  const rows = useMemo(() => sections.flatMap((section) => section.rows), [sections]);
  const tell = useCellText(grid);
  const rowOf = (name: string | undefined) => rows.find(({ dataset }) => dataset === name);
  const told = hovered ?? picked;
  const toldRow = rowOf(told?.dataset);
  const openPicked = (at: Picked) => {
    const row = rowOf(at.dataset);
    if (row) open(row, Math.min(at.from, at.to), Math.max(at.from, at.to));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const first = rows[0];
    if (!first) return;
    const last = grid.columns.length - 1;
    const at = picked ?? { dataset: first.dataset, from: last, to: last };
    if (event.key === 'Enter') openPicked(at);
    const names = rows.map(({ dataset }) => dataset);
    const next = moved(at, event.key, names, grid.columns.length, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    setPicked(picked ? next : at);
  };
  return (
    <div className="heatmap">
      <div className="heat-head">
        <Text size="xs" c="dimmed" className="heat-told nums" aria-live="polite" data-told>
          {told && toldRow ? tell(toldRow, told.from, told.to) : ''}
        </Text>
        <div className="heat-row">
          <span />
          <div ref={ref} className="heat-axis">
            <Axis grid={grid} width={width} zoom={zoom} />
          </div>
        </div>
      </div>
      <div
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move through the cells, which are drawn
        tabIndex={0}
        aria-label={t.grid}
        className="heat-keys"
        onKeyDown={onKeyDown}
        onBlur={() => setPicked(null)}
      >
        {sections.map(({ title, rows: own }) => (
          <section key={title} aria-label={title}>
            <Text size="xs" fw={600} mt={8} mb={2}>
              {title}
            </Text>
            <div className="heat-row">
              <div>
                {own.map(({ dataset, stored, scheduled }) => (
                  <div key={dataset} className="heat-name">
                    <Anchor
                      component={Link}
                      href={`/coverage?dataset=${dataset}`}
                      size="xs"
                      c={stored || scheduled ? undefined : 'dimmed'}
                      truncate
                      tabIndex={-1}
                      title={dataset}
                    >
                      {dataset}
                    </Anchor>
                  </div>
                ))}
              </div>
              <Cells
                rows={own}
                columns={grid.columns.length}
                width={width}
                picked={picked}
                pick={setPicked}
                hover={setHovered}
                done={openPicked}
              />
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}
