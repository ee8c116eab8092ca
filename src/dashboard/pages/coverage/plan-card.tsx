/** What filling the selected months would cost, and the button that does it. */
import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useLocation } from 'wouter';
import { useSubmit } from '../../api/actions.ts';
import { usePlan } from '../../api/queries.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Fields } from '../../parts/fields.tsx';
import { Loaded } from '../../parts/states.tsx';
import { coverageWords } from '../../words/coverage.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { runWords } from '../../words/run-words.ts';
import { dashed } from './span.ts';

export function PlanCard({
  dataset,
  span,
}: {
  dataset: string;
  span: { start_date: string; end_date: string };
}) {
  const t = useWords(coverageWords);
  const { language } = useLanguage();
  const params = { ...span, missing: true };
  const query = usePlan(dataset, { mode: 'backfill', params });
  const { mutateAsync } = useSubmit();
  const [, go] = useLocation();
  const fill = async () => {
    const { data } = await mutateAsync({ dataset, mode: 'backfill', params });
    go(`/tasks/${data.task_id}`);
  };
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t.plan}
        </Title>
        <Text size="sm" c="dimmed" className="nums">
          {t.selected}: {dashed(span.start_date)}
          {span.end_date !== span.start_date && ` – ${dashed(span.end_date)}`}
        </Text>
        <Loaded query={query}>
          {(plan) =>
            plan.calls === 0 ? (
              <Text size="sm">{t.complete}</Text>
            ) : (
              <>
                <Fields
                  of={[
                    [t.partitions, plan.partitions],
                    [t.skipped, plan.skipped],
                    [t.calls, plan.calls.toLocaleString()],
                    [t.minutes, plan.minutes < 0.1 ? '< 0.1' : plan.minutes.toFixed(1)],
                    [t.rows, plan.rows?.toLocaleString()],
                    ['', plan.warnings.map((warning) => runWords(language, warning)).join(' ')],
                  ]}
                />
                <Group>
                  <ConfirmButton label={t.fill} question={t.fillAsk(plan.calls)} done={t.filled} act={fill} />
                </Group>
              </>
            )
          }
        </Loaded>
      </Stack>
    </Card>
  );
}
