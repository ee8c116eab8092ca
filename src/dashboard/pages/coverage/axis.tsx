/** The columns' names above the heatmap: years, months or days; a click on one looks closer. */
import { Text, UnstyledButton } from '@mantine/core';
import type { CoverageGrid } from '../../api/data.ts';
import { columnX } from './paint.ts';
import { dashed } from './span.ts';

/** Room that a name needs, in px. */
const NAME_PX = 44;
const DAY_PX = 22;

interface Mark {
  at: number;
  name: string;
  /** What a click shows; null: there is nothing closer. */
  span: string | null;
}

export function Axis({
  grid,
  width,
  zoom,
}: {
  grid: CoverageGrid;
  width: number;
  zoom: (span: string) => void;
}) {
  const columns = grid.columns.length;
  let free = 0;
  return marksOf(grid).map(({ at, name, span }) => {
    const left = columnX(at, columns, width);
    if (left < free) return null;
    free = left + (span === null ? DAY_PX : NAME_PX);
    if (free > width + 12) return null;
    return (
      <span key={at} className="heat-mark" style={{ left }}>
        {span === null ? (
          <Text size="xs" c="dimmed" className="nums">
            {name}
          </Text>
        ) : (
          <UnstyledButton fz="xs" className="nums heat-zoom" onClick={() => zoom(span)}>
            {name}
          </UnstyledButton>
        )}
      </span>
    );
  });
}

/** The columns at which a year, a month or a day begins. */
function marksOf({ by, columns, from, to }: CoverageGrid): Mark[] {
  const days = from.slice(0, 6) === to.slice(0, 6);
  const length = by === 'month' ? 4 : days ? 8 : 6;
  let previous = '';
  return columns.flatMap(({ date }, at): Mark[] => {
    const part = date.slice(0, length);
    if (part === previous) return [];
    previous = part;
    if (length === 8) return [{ at, name: String(Number(date.slice(6))), span: null }];
    const span = length === 4 ? part : dashed(date).slice(0, 7);
    return [{ at, name: length === 4 ? part : span.slice(2), span }];
  });
}
