/** Stored rows, page by page, chosen by code and days; and the SQL that asks for the same. */
import { Card, Code, Group, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { type RowsAnswer, useRows } from '../../api/data.ts';
import type { DatasetDetail } from '../../api/types.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { offsetOf, useUrlState } from '../../parts/url-state.ts';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';
import { RowsPager } from './rows-pager.tsx';
import { sqlOf } from './sql.ts';

const PAGE = 20;

export function RowsCard({ dataset, dateField }: { dataset: DatasetDetail; dateField: string | null }) {
  const t = useWords(dataWords);
  const [values, change] = useUrlState();
  const { ts_code, from, to } = values;
  const compact = (day: string | undefined) => day?.replaceAll('-', '') || undefined;
  const filter = { ts_code, from: compact(from), to: compact(to) };
  const query = useRows(dataset.name, { ...filter, limit: PAGE, offset: offsetOf(values) });
  const sql = sqlOf(dataset.name, dateField, filter);
  const hasCode = dataset.fields.some(({ name }) => name === 'ts_code');
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5" mb="xs">
        {t.rows}
      </Title>
      <Group mb="xs" gap="xs" align="flex-end">
        {hasCode && <CodeFilter value={ts_code ?? ''} onChange={(next) => change({ ts_code: next })} />}
        {dateField !== null && (
          <>
            <TextInput
              type="date"
              size="xs"
              label={t.from}
              value={from ?? ''}
              onChange={(event) => change({ from: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              size="xs"
              label={t.to}
              value={to ?? ''}
              onChange={(event) => change({ to: event.currentTarget.value })}
            />
          </>
        )}
      </Group>
      <Loaded query={query} lines={6}>
        {(answer) =>
          answer.rows.length === 0 && answer.offset === 0 ? (
            <Empty title={t.noRows}>{ts_code || from || to ? t.noneMatch : t.noRowsHint}</Empty>
          ) : (
            <>
              <RowsTable answer={answer} />
              <RowsPager answer={answer} go={(offset) => change({ offset: String(offset) })} />
            </>
          )
        }
      </Loaded>
      <Group gap={4} mt="xs" wrap="nowrap">
        <Code style={{ overflowWrap: 'anywhere' }}>{sql}</Code>
        <CopyButton text={sql} />
      </Group>
    </Card>
  );
}

/** Applied a moment after the last key. */
function CodeFilter({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const t = useWords(dataWords);
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const apply = useDebouncedCallback(onChange, 300);
  return (
    <TextInput
      data-filter
      size="xs"
      label={t.code}
      placeholder="000001.SZ"
      w={130}
      value={typed}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setTyped(next);
        apply(next.trim().toUpperCase());
      }}
    />
  );
}

function RowsTable({ answer: { columns, rows, offset } }: { answer: RowsAnswer }) {
  const t = useWords(dataWords);
  return (
    <Table.ScrollContainer
      minWidth={columns.length * 80}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t.rows, role: 'region' } }}
    >
      <Table striped verticalSpacing={3} fz="xs" className="nums">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ name, type, unit }) => (
              <Table.Th key={name} title={unit ?? undefined} ta={type === 'double' ? 'right' : undefined}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name of its own, and its place is its own
            <Table.Tr key={offset + at}>
              {columns.map(({ name, type }, column) => (
                <Table.Td key={name} className="line" ta={type === 'double' ? 'right' : undefined}>
                  {row[column] === null ? (
                    <Text span size="xs" c="dimmed">
                      null
                    </Text>
                  ) : (
                    String(row[column])
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
