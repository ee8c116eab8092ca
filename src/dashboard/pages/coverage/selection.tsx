/** What was chosen on the heatmap: what is missing there, what filling it costs; of one day all that is known. */
import { Anchor, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useGaps } from '../../api/data.ts';
import { useDatasets } from '../../api/queries.ts';
import { Loaded } from '../../parts/states.tsx';
import { commonWords } from '../../words/common.ts';
import { heatmapWords } from '../../words/heatmap.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { SubmitButton } from '../datasets/submit-dialog.tsx';
import { DayCodes, DayView } from './day-view.tsx';
import { PlanCard } from './plan-card.tsx';
import { dashed, timeName } from './span.ts';

interface Props {
  /** `daily.20250301.20250331`; undefined: nothing is chosen. */
  chosen: string | undefined;
  zoom: (span: string) => void;
  choose: (chosen: string) => void;
  close: () => void;
}

export function Selection({ chosen, zoom, choose, close }: Props) {
  const common = useWords(commonWords);
  const { language } = useLanguage();
  const { data } = useDatasets();
  const [, dataset, from, to] = /^(\w+)\.(\d{8})\.(\d{8})$/.exec(chosen ?? '') ?? [];
  const known = data?.datasets.find(({ name }) => name === dataset);
  return (
    <Drawer
      opened={Boolean(dataset)}
      onClose={close}
      position="right"
      size="lg"
      title={
        <Text fw={600} component="span">
          {dataset}{' '}
          <Text span size="sm" c="dimmed">
            {known?.title[language]}
          </Text>
        </Text>
      }
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {dataset && from && to && (
        <Chosen {...{ dataset, from, to, zoom, choose }} byDay={known?.modes.includes('backfill') ?? true} />
      )}
    </Drawer>
  );
}

function Chosen({
  dataset,
  from,
  to,
  byDay,
  zoom,
  choose,
}: Omit<Props, 'chosen' | 'close'> & { dataset: string; from: string; to: string; byDay: boolean }) {
  const t = useWords(heatmapWords);
  const oneDay = from === to;
  const month = dashed(from).slice(0, 7);
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" className="nums">
          {oneDay ? dashed(from) : `${dashed(from)} – ${dashed(to)}`}
        </Text>
        <Group gap="xs">
          <Button size="compact-xs" variant="light" onClick={() => zoom(month)}>
            {t.zoomIn} {month}
          </Button>
          <Anchor component={Link} href={`/coverage?dataset=${dataset}`} size="sm">
            {t.wholeDataset}
          </Anchor>
        </Group>
      </Group>
      {oneDay && <DayView dataset={dataset} date={from} />}
      {!oneDay && <Gaps dataset={dataset} span={{ from, to }} choose={choose} />}
      {byDay ? (
        <PlanCard dataset={dataset} span={{ start_date: from, end_date: to }} />
      ) : (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {t.notByDay}
          </Text>
          <SubmitButton dataset={dataset} />
        </Group>
      )}
      {oneDay && <DayCodes dataset={dataset} date={from} />}
    </Stack>
  );
}

function Gaps({
  dataset,
  span,
  choose,
}: {
  dataset: string;
  span: { from: string; to: string };
  choose: (chosen: string) => void;
}) {
  const t = useWords(heatmapWords);
  const query = useGaps(dataset, span);
  return (
    <Loaded query={query}>
      {({ gaps, total }) => (
        <div>
          <Title order={3} size="h6" mb={4}>
            {t.gaps}
          </Title>
          {gaps.length === 0 && <Text size="sm">{t.noGaps}</Text>}
          <Stack gap={2}>
            {gaps.map(({ first, last, partitions, state }) => (
              <Group key={first} gap="xs">
                <Anchor
                  component="button"
                  size="sm"
                  className="nums"
                  onClick={() => choose([dataset, dayOf(first, span.from), dayOf(last, span.to)].join('.'))}
                >
                  {gapName(first, last)}
                  {first !== last && ` · ${/^\d{8}$/.test(first) ? t.days(partitions) : partitions}`}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {t.states[state]}
                </Text>
              </Group>
            ))}
          </Stack>
          {total > gaps.length && (
            <Text size="xs" c="dimmed" mt={4}>
              {t.andMore(total - gaps.length)}
            </Text>
          )}
        </div>
      )}
    </Loaded>
  );
}

const gapName = (first: string, last: string): string =>
  first === last ? timeName(first) : `${timeName(first)} – ${timeName(last)}`;

/** The day that a partition is; where it is a month, a year or a code, the end of the span. */
const dayOf = (partition: string, otherwise: string): string => /\d{8}$/.exec(partition)?.[0] ?? otherwise;
