/** What can't wait until somebody looks at the health page. */
import { Alert, Anchor, Code, Text } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { useHealth } from '../api/queries.ts';
import { Icon } from '../parts/icons.tsx';
import { useLanguage, useWords } from '../words/language.tsx';
import { reasonWords } from '../words/reasons.ts';
import { shellWords } from '../words/shell.ts';

export function Alarms() {
  const t = useWords(shellWords);
  const { language } = useLanguage();
  const { data: health } = useHealth();
  const [location] = useLocation();
  if (!health || health.reasons.length === 0) return null;
  const { queue, supervisors } = health;
  const depth = queue.depth ? queue.depth.high + queue.depth.normal + queue.depth.low : 0;
  const waiting = depth + (queue.delayed ?? 0) + (queue.parked ?? 0) + (queue.blocked ?? 0);
  if (supervisors.alive === 0 && waiting > 0) {
    return (
      <Alert
        color="red"
        variant="filled"
        icon={<Icon name="alert" />}
        title={t.noWorker}
        mb="md"
        role="alert"
      >
        <Text size="sm" c="inherit">
          {t.noWorkerHint.replace(/node .*/, '')}
          <Code c="inherit" bg="rgba(0, 0, 0, 0.25)">
            node src/bin/supervisor.ts
          </Code>
        </Text>
      </Alert>
    );
  }
  if (location === '/system') return null;
  return (
    <Alert color="orange" icon={<Icon name="alert" />} title={t.degraded} mb="md">
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
