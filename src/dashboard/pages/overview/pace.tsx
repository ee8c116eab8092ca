/** How much ended a minute lately, and how long it waited and ran, in one line that leads to the activity. */
import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { RANGES, useActivity } from '../../api/activity.ts';
import { briefly } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { paceWords } from '../../words/pace.ts';

const LATELY = '15m';
const MINUTES = RANGES[LATELY].ms / 60_000;

/** Nothing where Postgres is away: the alarms say so. */
export function Pace() {
  const t = useWords(paceWords);
  const { data } = useActivity(LATELY);
  if (!data) return null;
  const { completed, failed, cancelled, wait_seconds, run_seconds } = data.totals;
  const ended = completed + failed + cancelled;
  const figures = [
    t.ended(ended, MINUTES, (ended / MINUTES).toFixed(1)),
    wait_seconds && t.waited(briefly(wait_seconds.p95)),
    run_seconds && t.ran(briefly(run_seconds.p95)),
  ];
  return (
    <Text size="sm" mt="xs" className="nums">
      {figures.filter(Boolean).join(' · ')}{' '}
      <Anchor component={Link} href="/activity?range=1h" size="sm" underline="always">
        {t.more}
      </Anchor>
    </Text>
  );
}
