/** What can't wait until somebody looks at the health page. */
import { Alert, Anchor, Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useHealth } from '../api/queries.ts';
import { useLive } from '../live/live.tsx';
import { Icon } from '../parts/icons.tsx';
import { TimeAgo } from '../parts/time.tsx';
import { useLanguage, useWords } from '../words/language.tsx';
import { reasonWords } from '../words/reasons.ts';
import { shellWords } from '../words/shell.ts';

/** Without these nothing is fetched at all. */
const STOPS_WORK = new Set(['queue_unavailable', 'postgres_unavailable']);

export function Alarms() {
  const t = useWords(shellWords);
  const { language } = useLanguage();
  const { data: health, dataUpdatedAt } = useHealth();
  const live = useLive();
  const [location] = useLocation();
  if (live === 'disconnected')
    return (
      <Alarm title={t.away}>
        {t.liveHint.disconnected}
        {dataUpdatedAt > 0 && (
          <>
            {' '}
            {t.lastAnswer} <TimeAgo at={new Date(dataUpdatedAt).toISOString()} />
          </>
        )}
      </Alarm>
    );
  if (!health || health.reasons.length === 0) return null;
  const { queue, supervisors } = health;
  const depth = queue.depth ? queue.depth.high + queue.depth.normal + queue.depth.low : 0;
  const waiting = depth + (queue.delayed ?? 0) + (queue.parked ?? 0) + (queue.blocked ?? 0);
  if (supervisors.alive === 0 && waiting > 0)
    return (
      <Alarm title={t.noWorker}>
        {t.noWorkerHint.replace(/node .*/, '')}
        <Code c="inherit" bg="rgba(0, 0, 0, 0.25)">
          node src/bin/supervisor.ts
        </Code>
      </Alarm>
    );
  if (location === '/system') return null;
  const color = health.reasons.some(({ code }) => STOPS_WORK.has(code)) ? 'red' : 'orange';
  return (
    <Alert color={color} icon={<Icon name="alert" />} title={t.degraded} mb="md">
      {health.reasons.map(({ code, message }) => (
        <Text size="sm" key={code}>
          {reasonWords(language, code, message)}
        </Text>
      ))}
      <Anchor component={Link} href="/system" size="sm">
        {t.details}
      </Anchor>
    </Alert>
  );
}

/** Nothing on the page matters as much. */
function Alarm({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert color="red" variant="filled" icon={<Icon name="alert" />} title={title} mb="md" role="alert">
      <Text size="sm" c="inherit" component="div">
        {children}
      </Text>
    </Alert>
  );
}
