/** Cancels, stops or runs again every task that matches: counted first, done in portions, told with what was refused. */
import { Button, Group, Menu, Modal, Progress, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type BulkAction, type BulkBody, useBulk } from '../../api/actions.ts';
import type { SearchFilter } from '../../api/found.ts';
import { useBulkCount } from '../../api/queries.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Loaded } from '../../parts/states.tsx';
import { commonWords } from '../../words/common.ts';
import { errorText } from '../../words/errors.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { taskActWords } from '../../words/task-acts.ts';

/** Which statuses an action is done to. */
const ACTS_ON: Record<BulkAction, string[]> = {
  cancel: ['pending'],
  stop: ['running'],
  retry: ['failed', 'cancelled'],
};
const ACTIONS = Object.keys(ACTS_ON) as BulkAction[];

/** @param days the span of the filter as people read it, '' when there is none */
export function BulkMenu({ filter, days }: { filter: SearchFilter; days: string }) {
  const t = useWords(taskActWords);
  const common = useWords(commonWords);
  const [action, setAction] = useState<BulkAction | null>(null);
  const { status } = filter;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default">
            {t.bulk} ▾
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {ACTIONS.map((one) => (
            <Menu.Item
              key={one}
              disabled={status !== undefined && !ACTS_ON[one].includes(status)}
              color={one === 'retry' ? undefined : 'red'}
              onClick={() => setAction(one)}
            >
              {t.all[one]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={action !== null}
        onClose={() => setAction(null)}
        title={action && t.all[action]}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {action && <Ask {...{ action, filter, days }} close={() => setAction(null)} />}
      </Modal>
    </>
  );
}

function Ask({
  action,
  filter,
  days,
  close,
}: {
  action: BulkAction;
  filter: SearchFilter;
  days: string;
  close: () => void;
}) {
  const t = useWords(taskActWords);
  const common = useWords(commonWords);
  const body = { action, ...filter };
  const count = useBulkCount(body);
  const { progress, act } = useAct(body, close);
  const { status, job_type, dataset } = filter;
  const told = [status && common.status[status as 'failed'], job_type, dataset, days].filter(Boolean);
  return (
    <Loaded query={count} lines={2}>
      {({ matched }) => (
        <Stack>
          <Text size="sm">
            {matched === 0 ? t.nothing : t.count(matched)} {t.filter(told.join(', ') || t.allTasks)}
          </Text>
          {matched > 0 && <Text size="sm">{t.ask[action]}</Text>}
          {progress !== null && (
            <Progress value={(progress / matched) * 100} aria-label={t.working(progress, matched)} animated />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common.keep}
            </Button>
            {matched > 0 && (
              <ActButton
                color={action === 'retry' ? undefined : 'red'}
                loading={progress !== null}
                onClick={() => void act(matched)}
              >
                {t.go(matched)}
              </ActButton>
            )}
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}

/** Does it in portions until none remains; one that changes nothing ends it too. */
function useAct(body: BulkBody, close: () => void) {
  const t = useWords(taskActWords);
  const { language } = useLanguage();
  const { mutateAsync } = useBulk();
  const [progress, setProgress] = useState<number | null>(null);
  const act = async (matched: number) => {
    let done = 0;
    setProgress(0);
    const refused: string[] = [];
    try {
      for (let remaining = matched; remaining > 0; ) {
        const { data } = await mutateAsync(body);
        done += data.done;
        refused.push(...data.refused.map(({ tasks, message }) => t.refused(tasks, message)));
        setProgress(done);
        remaining = data.done === 0 ? 0 : data.remaining;
      }
      const message = [t.done(done), ...refused.slice(0, 3)].join(' ');
      notifications.show({ message, color: refused.length > 0 ? 'orange' : 'green' });
    } catch (error) {
      const message = `${t.done(done)} ${errorText(language, error as Error)}`;
      notifications.show({ message, color: 'red', autoClose: false });
    }
    setProgress(null);
    close();
  };
  return { progress, act };
}
