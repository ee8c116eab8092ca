/** The coverage of one symbol: its days from listing on, a cell a month, suspended days apart. */
import { Button, Card, Group, Text, TextInput, Title, Tooltip, useComputedColorScheme } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type SymbolCoverageAnswer, useSymbol } from '../../api/data.ts';
import { Empty, Loaded } from '../../parts/states.tsx';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';
import { dashed } from './span.ts';
import { PALETTES } from './states.ts';

type Month = SymbolCoverageAnswer['months'][number];
const STATES = ['present', 'suspended', 'missing', 'absent'] as const;
const COLOR = {
  present: 'complete',
  suspended: 'empty_confirmed',
  missing: 'missing',
  absent: 'absent',
} as const;
const MONTHS = Array.from({ length: 12 }, (_, month) => String(month + 1).padStart(2, '0'));

export function SymbolCard({
  dataset,
  symbol,
  choose,
}: {
  dataset: string;
  symbol: string;
  choose: (symbol: string) => void;
}) {
  const t = useWords(heatmapWords);
  const [typed, setTyped] = useState(symbol);
  const show = (event: FormEvent) => {
    event.preventDefault();
    choose(typed.trim().toUpperCase());
  };
  return (
    <Card withBorder padding="sm" mt="md">
      <form onSubmit={show}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t.symbol}
            description={t.symbolHint}
            placeholder="000001.SZ"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            w={200}
          />
          <Button type="submit" variant="light" disabled={typed.trim() === ''}>
            {t.symbolShow}
          </Button>
        </Group>
      </form>
      {symbol !== '' && <Found dataset={dataset} symbol={symbol} />}
    </Card>
  );
}

function Found({ dataset, symbol }: { dataset: string; symbol: string }) {
  const t = useWords(heatmapWords);
  const query = useSymbol(dataset, symbol);
  return (
    <Loaded query={query}>
      {(answer) =>
        answer.from === null || answer.to === null ? (
          <Empty title={t.symbolNone}>{t.symbolNoneHint}</Empty>
        ) : (
          <>
            <Title order={3} size="h5" mt="md">
              {answer.ts_code} {answer.name}
            </Title>
            <Text size="sm" c="dimmed" mb="xs" className="nums">
              {answer.list_date && `${t.listedOn} ${dashed(answer.list_date)} · `}
              {answer.delist_date && `${t.delisted} ${dashed(answer.delist_date)} · `}
              {t.symbolSpan(dashed(answer.from), dashed(answer.to))}
            </Text>
            <Counts counts={answer.counts} />
            <Years months={answer.months} />
            <Stretches answer={answer} />
          </>
        )
      }
    </Loaded>
  );
}

function Counts({ counts }: Pick<SymbolCoverageAnswer, 'counts'>) {
  const t = useWords(heatmapWords);
  const palette = PALETTES[useComputedColorScheme()];
  return (
    <Group gap="md" mb="sm">
      {STATES.map((state) => (
        <Group gap={6} key={state} wrap="nowrap">
          <span className="heat-swatch" style={{ background: palette[COLOR[state]] }} />
          <Text size="xs" className="nums">
            {counts[state].toLocaleString()} {t.symbolStates[state]}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

/** Years as rows, months as cells. */
function Years({ months }: { months: Month[] }) {
  const byMonth = new Map(months.map((month) => [month.month, month]));
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].reverse();
  return (
    <div className="months">
      {years.map((year) => [
        <Text size="xs" c="dimmed" className="nums" key={year}>
          {year}
        </Text>,
        ...MONTHS.map((month) => <Cell key={year + month} month={byMonth.get(year + month)} />),
      ])}
    </div>
  );
}

function Cell({ month }: { month: Month | undefined }) {
  const t = useWords(heatmapWords);
  const palette = PALETTES[useComputedColorScheme()];
  if (!month) return <span className="symbol-month" />;
  const said = STATES.filter((state) => month[state] > 0).map(
    (state) => `${month[state]} ${t.symbolStates[state]}`,
  );
  const label = `${month.month.slice(0, 4)}-${month.month.slice(4)}: ${said.join(', ')}`;
  return (
    <Tooltip label={label}>
      <span className="symbol-month symbol-known" role="img" aria-label={label}>
        {STATES.map((state) => (
          <span key={state} style={{ flexGrow: month[state], background: palette[COLOR[state]] }} />
        ))}
      </span>
    </Tooltip>
  );
}

const SHOWN = 12;

function Stretches({ answer: { gaps, gaps_total } }: { answer: SymbolCoverageAnswer }) {
  const t = useWords(heatmapWords);
  const shown = gaps.slice(0, SHOWN);
  return (
    <>
      <Text size="sm" fw={600} mt="sm">
        {gaps_total > 0 ? t.stretches : t.symbolComplete}
      </Text>
      {shown.map(({ first, last, days, state }) => (
        <Text size="sm" className="nums" key={first}>
          {first === last ? dashed(first) : `${dashed(first)} – ${dashed(last)}`} · {t.days(days)} ·{' '}
          {t.symbolStates[state]}
        </Text>
      ))}
      {gaps_total > shown.length && (
        <Text size="xs" c="dimmed">
          {t.andMore(gaps_total - shown.length)}
        </Text>
      )}
    </>
  );
}
