/** The catalogue: what can be kept, by group. */
import {
  Anchor,
  Badge,
  Card,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { Link } from 'wouter';
import { calledSo } from '../../../datasets/called-so.ts';
import { GROUPS, type Group as GroupName } from '../../../datasets/groups.ts';
import { useDatasets } from '../../api/queries.ts';
import type { DatasetSummary } from '../../api/types.ts';
import { Icon } from '../../parts/icons.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { commonWords } from '../../words/common.ts';
import { datasetWords } from '../../words/datasets.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { timeName } from '../coverage/span.ts';

export function DatasetsPage() {
  const t = useWords(datasetWords);
  const { language } = useLanguage();
  const query = useDatasets();
  const [{ q = '', group, available }, change] = useUrlState();
  const groups = Object.entries(GROUPS).map(([value, title]) => ({ value, label: title[language] }));
  return (
    <>
      <PageHead title={t.datasets} hint={query.data && t.hint(query.data.datasets.length)} />
      <Group mb="md" gap="sm">
        <TextInput
          data-filter
          aria-label={t.search}
          placeholder={t.search}
          leftSection={<Icon name="search" size={16} />}
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value })}
          w={{ base: '100%', sm: 300 }}
        />
        <Select
          aria-label={t.group}
          placeholder={t.allGroups}
          data={groups}
          value={group ?? null}
          onChange={(value) => change({ group: value ?? undefined })}
          clearable
          w={{ base: '100%', sm: 230 }}
        />
        <Switch
          label={t.onlyAvailable}
          checked={available === 'yes'}
          onChange={(event) => change({ available: event.currentTarget.checked ? 'yes' : undefined })}
        />
      </Group>
      <Loaded query={query} lines={10}>
        {({ datasets }) => (
          <Found
            datasets={datasets
              .filter(matches(q, group))
              .filter((one) => available !== 'yes' || one.unavailable === null)}
          />
        )}
      </Loaded>
    </>
  );
}

function matches(text: string, group: string | undefined): (dataset: DatasetSummary) => boolean {
  const isCalled = calledSo(text);
  return (dataset) => (!group || dataset.group === group) && isCalled(dataset);
}

function Found({ datasets }: { datasets: DatasetSummary[] }) {
  const t = useWords(datasetWords);
  const { language } = useLanguage();
  if (datasets.length === 0) return <Empty title={t.none}>{t.noneHint}</Empty>;
  const names = Object.keys(GROUPS) as GroupName[];
  return (
    <Stack>
      {names
        .map((group) => ({ group, of: datasets.filter((dataset) => dataset.group === group) }))
        .filter(({ of }) => of.length > 0)
        .map(({ group, of }) => (
          <section key={group} aria-label={GROUPS[group][language]}>
            <Title order={3} size="h5" mb="xs">
              {GROUPS[group][language]}{' '}
              <Text span size="sm" c="dimmed">
                {of.length}
              </Text>
            </Title>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="xs">
              {of.map((dataset) => (
                <DatasetCard dataset={dataset} key={dataset.name} />
              ))}
            </SimpleGrid>
          </section>
        ))}
    </Stack>
  );
}

function DatasetCard({ dataset }: { dataset: DatasetSummary }) {
  const t = useWords(datasetWords);
  const { language } = useLanguage();
  const common = useWords(commonWords);
  const { name, title, points, permission, retired, unavailable } = dataset;
  return (
    <Card withBorder padding="xs">
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Anchor component={Link} href={`/datasets/${name}`} size="sm" fw={500} truncate>
          {name}
        </Anchor>
        {(retired || unavailable) && (
          <Badge size="xs" color="gray" variant="light" tt="none" miw="fit-content">
            {retired ? t.retired : t.unavailable}
          </Badge>
        )}
      </Group>
      <Text size="xs" lineClamp={1}>
        {title[language]}
      </Text>
      <Text size="xs" c="dimmed">
        {dataset.stored?.latest && `${timeName(dataset.stored.latest)} · `}
        {dataset.stored?.rows != null && `${common.rows(dataset.stored.rows)} · `}
        {permission === 'separate' ? t.separate : points !== null && points > 0 ? t.points(points) : ' '}
      </Text>
    </Card>
  );
}
