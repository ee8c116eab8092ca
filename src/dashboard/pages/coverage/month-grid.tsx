/** Years as rows, months as cells: the darker, the more of it is there. Mouse, finger and keyboard select a range. */
import { Text, Tooltip, UnstyledButton } from '@mantine/core';
import type { CoverageAnswer } from '../../api/types.ts';
import { coverageWords } from '../../words/coverage.ts';
import { useWords } from '../../words/language.tsx';
import { type Month, monthNumber, share } from './months.ts';

export type Range = [anchor: number, end: number];
const MONTHS = Array.from({ length: 12 }, (_, n) => n + 1);

export function MonthGrid({
  years,
  range,
  select,
}: {
  years: CoverageAnswer['years'];
  range: Range | null;
  select: (range: Range) => void;
}) {
  return (
    <div className="months">
      <span />
      {MONTHS.map((month) => (
        <Text size="xs" c="dimmed" ta="center" key={month}>
          {month}
        </Text>
      ))}
      {[...years].reverse().map(({ year, months }) => (
        <YearRow key={year} year={year} months={months} range={range} select={select} />
      ))}
    </div>
  );
}

function YearRow({
  year,
  months,
  range,
  select,
}: {
  year: number;
  months: Month[];
  range: Range | null;
  select: (range: Range) => void;
}) {
  const known = new Map(months.map((month) => [month.month, month]));
  return (
    <>
      <Text size="xs" c="dimmed" className="nums">
        {year}
      </Text>
      {MONTHS.map((month) => {
        const cell = known.get(month);
        const number = monthNumber(year, month);
        if (!cell) return <span className="month month-none" key={month} />;
        return <Cell key={month} cell={cell} number={number} range={range} select={select} />;
      })}
    </>
  );
}

function Cell({
  cell,
  number,
  range,
  select,
}: {
  cell: Month;
  number: number;
  range: Range | null;
  select: (range: Range) => void;
}) {
  const t = useWords(coverageWords);
  const name = `${Math.floor(number / 100)}-${String(number % 100).padStart(2, '0')}`;
  const told = t.month(
    name,
    cell.complete + cell.empty_confirmed,
    cell.partitions,
    cell.rows.toLocaleString(),
  );
  const inside = range !== null && number >= Math.min(...range) && number <= Math.max(...range);
  const level = levelOf(cell);
  return (
    <Tooltip label={told} openDelay={200}>
      <UnstyledButton
        className="month"
        aria-label={told}
        aria-pressed={inside}
        data-level={level}
        onPointerDown={(event) => {
          // a finger holds on to its first cell otherwise
          event.currentTarget.releasePointerCapture(event.pointerId);
          select([event.shiftKey && range ? range[0] : number, number]);
        }}
        onPointerEnter={(event) => event.buttons === 1 && range && select([range[0], number])}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ')
            select([event.shiftKey && range ? range[0] : number, number]);
        }}
      />
    </Tooltip>
  );
}

/** How a month looks: failed ones stand out whatever their share; then how much of it is complete, in quarters. */
function levelOf(cell: Month): string {
  if (cell.failed > 0) return 'failed';
  const quarters = Math.floor((share(cell) ?? 0) * 4);
  return quarters === 0 && cell.partial + cell.complete > 0 ? 'partial' : String(quarters);
}
