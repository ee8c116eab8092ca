/** The last runs of a job, oldest first: colour says how one ended, height how long it took. */
import { Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { type ReportRow, useRuns } from '../../api/schedules.ts';
import { Loaded } from '../../parts/states.tsx';
import { duration } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';

const SHORTEST_PERCENT = 22;

export function RunStrip({ job_id }: { job_id: string }) {
  const t = useWords(scheduleWords);
  const query = useRuns(job_id);
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed">
        {t.lastRuns}
      </Text>
      <Loaded query={query} lines={1}>
        {(runs) =>
          runs.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t.noRuns}
            </Text>
          ) : (
            <Strip runs={runs} />
          )
        }
      </Loaded>
    </Stack>
  );
}

function Strip({ runs }: { runs: ReportRow[] }) {
  const t = useWords(scheduleWords);
  const longest = Math.max(1, ...runs.map(({ duration_ms }) => duration_ms ?? 0));
  const counted = (status: string) => runs.filter((run) => run.status === status).length;
  const told = t.runsTold(counted('SUCCESS'), counted('FAILED'), counted('RUNNING'));
  return (
    <>
      <ul className="runs" aria-label={told}>
        {runs.toReversed().map((run) => (
          <li key={`${run.task_id} ${run.started_at}`}>
            <Bar
              run={run}
              height={Math.max(SHORTEST_PERCENT, (100 * (run.duration_ms ?? longest)) / longest)}
            />
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed">
        {told}
      </Text>
    </>
  );
}

/** It leads to its task, if it had one. */
function Bar({ run, height }: { run: ReportRow; height: number }) {
  const t = useWords(scheduleWords);
  const { language } = useLanguage();
  const label = runText(run, t, language);
  const bar = <span className="run" data-status={run.status} style={{ height: `${height}%` }} />;
  if (run.task_id === null)
    return (
      <span role="img" aria-label={label} title={label} className="run-link">
        {bar}
      </span>
    );
  return (
    <Link href={`/tasks/${run.task_id}`} aria-label={label} title={label} className="run-link">
      {bar}
    </Link>
  );
}

/** "2026-11-20 18:00 succeeded, 1:12, 5,812 rows", times in Shanghai as the API writes them. */
function runText(run: ReportRow, t: typeof scheduleWords.en, language: string): string {
  const outcome = run.status === 'SUCCESS' ? t.success : run.status === 'FAILED' ? t.failed : t.running;
  const rows = run.report?.rows;
  const parts = [
    `${run.started_at.slice(0, 16).replace('T', ' ')} ${t.shanghaiTime} ${outcome}`,
    run.duration_ms === null ? null : duration(run.duration_ms),
    typeof rows === 'number' ? t.rows(rows) : null,
    run.error_message,
  ];
  return parts.filter(Boolean).join(language === 'zh' ? '，' : ', ');
}
