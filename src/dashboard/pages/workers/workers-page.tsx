/** Who works, and at what. */
import { Badge, Card, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDrain } from '../../api/actions.ts';
import { useSupervisors, useTasks } from '../../api/queries.ts';
import type { SupervisorView, TaskView } from '../../api/types.ts';
import { DeadlineBar } from '../../parts/bars.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { TaskName } from '../../parts/task-table.tsx';
import { TimeAgo } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';
import { LanesCard } from './lanes-card.tsx';

/** The most that one page of the API holds: for when each running task began. */
const RUNNING_LOOKED_AT = 200;

export function WorkersPage() {
  const t = useWords(overviewWords);
  const query = useSupervisors();
  const running = useTasks({ status: 'running', limit: RUNNING_LOOKED_AT, offset: 0 }).data?.tasks ?? [];
  const byId = new Map(running.map((task) => [task.task_id, task]));
  return (
    <>
      <PageHead title={t.workers} hint={t.workersHint} />
      <Loaded query={query} lines={6}>
        {({ supervisors }) =>
          supervisors.length === 0 ? (
            <Card withBorder>
              <Empty title={t.noWorkers}>{t.noWorkersHint}</Empty>
            </Card>
          ) : (
            <Stack>
              {supervisors.map((supervisor) => (
                <SupervisorCard key={supervisor.supervisor_id} supervisor={supervisor} tasks={byId} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <Stack mt="md" gap={0}>
        <LanesCard running={running} />
      </Stack>
    </>
  );
}

type Running = Map<string, TaskView>;

function SupervisorCard({ supervisor, tasks }: { supervisor: SupervisorView; tasks: Running }) {
  const t = useWords(overviewWords);
  const { supervisor_id, alive, draining, running, threads, host, pid, version, started_at, killed_threads } =
    supervisor;
  const facts = [
    `${t.process} ${host}:${pid}`,
    version && `${t.version} ${version}`,
    `${t.heartbeat} ${t.secondsAgo(supervisor.heartbeat_age_seconds)}`,
    killed_threads !== null && `${t.killed}: ${killed_threads}`,
  ].filter(Boolean);
  const idle = Math.max(0, (threads ?? 0) - running.length);
  const idleThreads = Array.from({ length: idle }, (_, n) => running.length + n + 1);
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={3} size="h5">
            <Code fz="sm">{supervisor_id}</Code>
          </Title>
          <Badge color={alive ? 'green' : 'red'} variant="dot" tt="none">
            {alive ? t.alive : t.lost}
          </Badge>
          {draining && (
            <Badge color="yellow" variant="dot" tt="none">
              {t.draining}
            </Badge>
          )}
          {alive && <DrainButton id={supervisor_id} draining={draining} />}
        </Group>
        <Text size="xs" c="dimmed" component="div" className="nums">
          {facts.join(' · ')}
          {started_at && (
            <>
              {' · '}
              {t.since} <TimeAgo at={started_at} />
            </>
          )}
        </Text>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xs">
        {running.map((task, n) => (
          <Card withBorder padding="xs" key={task.task_id}>
            <Text size="xs" c="dimmed">
              {t.thread(n + 1)}
            </Text>
            <TaskName task={task} />
            <DeadlineBar
              startedAt={tasks.get(task.task_id)?.started_at ?? null}
              deadlineAt={task.deadline_at}
            />
          </Card>
        ))}
        {idleThreads.map((n) => (
          <Card withBorder padding="xs" key={`idle ${n}`} bg="transparent">
            <Text size="xs" c="dimmed">
              {t.thread(n)}
            </Text>
            <Text size="sm" c="dimmed">
              {t.idle}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </Card>
  );
}

/** Lets it end what it runs and take nothing new, or take tasks again. */
function DrainButton({ id, draining }: { id: string; draining: boolean }) {
  const t = useWords(overviewWords);
  const { mutateAsync } = useDrain();
  const action = draining ? 'resume' : 'drain';
  const words = {
    drain: { label: t.drain, question: t.drainAsk, done: t.drainDone },
    resume: { label: t.resume, question: t.resumeAsk, done: t.resumeDone },
  };
  return <ConfirmButton {...words[action]} act={() => mutateAsync({ id, action })} />;
}
