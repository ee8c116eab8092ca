/** One dataset: how it is asked for, and its fields. */
import { Alert, Anchor, Card, Code, Group, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useDataset } from '../../api/queries.ts';
import type { DatasetDetail } from '../../api/types.ts';
import { Fields } from '../../parts/fields.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Loaded } from '../../parts/states.tsx';
import { dataWords } from '../../words/data.ts';
import { datasetWords } from '../../words/datasets.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { runWords } from '../../words/run-words.ts';
import { unitWords } from '../../words/units.ts';
import { timeName } from '../coverage/span.ts';
import { areBars } from './candles.ts';
import { KLine } from './k-line.tsx';
import { RowsCard } from './rows-card.tsx';
import { SubmitButton } from './submit-dialog.tsx';

export function DatasetPage({ name }: { name: string }) {
  const t = useWords(datasetWords);
  const { language } = useLanguage();
  const query = useDataset(name);
  const back = { path: '/datasets', label: t.datasets };
  return (
    <>
      <PageHead title={name} hint={query.data?.title[language]} back={back}>
        {query.data && query.data.unavailable === null && <SubmitButton dataset={name} />}
      </PageHead>
      <Loaded query={query} lines={10}>
        {(dataset) => (
          <Stack>
            {dataset.unavailable && (
              <Alert color="gray" title={t.unavailable}>
                {runWords(language, dataset.unavailable)}
              </Alert>
            )}
            <Facts dataset={dataset} />
            {areBars(dataset.fields.map((field) => field.name)) && <KLine dataset={name} />}
            {dataset.fields.length > 0 && <RowsCard dataset={dataset} dateField={dataset.date_field} />}
            {dataset.fields.length > 0 && <FieldTable dataset={dataset} />}
          </Stack>
        )}
      </Loaded>
    </>
  );
}

const names = (datasets: string[]) =>
  datasets.length > 0 && (
    <Group gap="xs">
      {datasets.map((name) => (
        <Anchor key={name} component={Link} href={`/datasets/${name}`} size="sm">
          {name}
        </Anchor>
      ))}
    </Group>
  );

function Facts({ dataset }: { dataset: DatasetDetail }) {
  const t = useWords(datasetWords);
  const data = useWords(dataWords);
  const asked =
    dataset.permission === 'separate' ? t.separate : dataset.points !== null && t.points(dataset.points);
  return (
    <Card withBorder>
      <Fields
        of={[
          [data.latest, dataset.stored?.latest && timeName(dataset.stored.latest)],
          [data.storedRows, dataset.stored?.rows?.toLocaleString()],
          [data.partitions, dataset.stored?.partitions.toLocaleString()],
          ['API', dataset.api_name && <Code>{dataset.api_name}</Code>],
          [t.permission, asked || null],
          [t.fetchedBy, dataset.fetched_by],
          [t.rowCap, dataset.row_cap?.toLocaleString()],
          [t.callsPerMinute, dataset.calls_per_minute],
          [t.history, dataset.history_start],
          [t.published, dataset.published_at],
          [t.key, dataset.key.join(', ')],
          [t.needs, names(dataset.needs) || null],
          [t.useInstead, names(dataset.use_instead) || null],
          [
            t.documentation,
            dataset.documentation && (
              <Anchor href={dataset.documentation} target="_blank" rel="noreferrer" size="sm">
                {dataset.documentation}
              </Anchor>
            ),
          ],
        ]}
      />
    </Card>
  );
}

function FieldTable({ dataset }: { dataset: DatasetDetail }) {
  const t = useWords(datasetWords);
  const { language } = useLanguage();
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5" mb="xs">
        {t.fields}{' '}
        <Text span size="sm" c="dimmed">
          {dataset.fields.length}
        </Text>
      </Title>
      <Table.ScrollContainer minWidth={480}>
        <Table striped verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.field}</Table.Th>
              <Table.Th>{t.type}</Table.Th>
              <Table.Th>{t.meaning}</Table.Th>
              <Table.Th>{t.unit}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {dataset.fields.map(({ name, type, comment, comment_zh, unit }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Code fw={dataset.key.includes(name) ? 700 : undefined}>{name}</Code>
                </Table.Td>
                <Table.Td>{type}</Table.Td>
                <Table.Td>{(language === 'zh' && comment_zh) || comment}</Table.Td>
                <Table.Td>{unitWords(language, unit)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
