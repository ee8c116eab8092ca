/** What stands where there is nothing to show: still loading, could not be loaded, empty. */
import { Alert, Button, Center, Group, Skeleton, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { commonWords } from '../words/common.ts';
import { useErrorText } from '../words/errors.ts';
import { useWords } from '../words/language.tsx';
import { Icon } from './icons.tsx';

interface Query<T> {
  data: T | undefined;
  error: Error | null;
  refetch(): unknown;
}

/** Shows the data of a query, or why there are none. What was there before stays while Dayline is away. */
export function Loaded<T>({
  query,
  children,
  lines = 4,
}: {
  query: Query<T>;
  children: (data: T) => ReactNode;
  lines?: number;
}) {
  const error = useLastError(query);
  if (query.data !== undefined) return children(query.data);
  if (error) return <Failed error={error} again={query.refetch} />;
  return <Loading lines={lines} />;
}

/** A question that is asked again forgets why it failed; a person goes on reading it until the answer is there. */
function useLastError({ data, error }: Query<unknown>): Error | null {
  const [last, setLast] = useState<Error | null>(null);
  const now = error ?? (data === undefined ? last : null);
  if (now !== last) setLast(now);
  return now;
}

export function Loading({ lines }: { lines: number }) {
  const t = useWords(commonWords);
  return (
    <Stack gap="sm" aria-busy="true" aria-label={t.loading} role="status">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
        <Skeleton height={18} key={line} width={`${95 - (line % 3) * 12}%`} />
      ))}
    </Stack>
  );
}

function Failed({ error, again }: { error: Error; again: () => unknown }) {
  const t = useWords(commonWords);
  const text = useErrorText(error);
  return (
    <Alert color="red" icon={<Icon name="alert" />} title={t.failedToLoad}>
      <Group justify="space-between" align="flex-end">
        <Text size="sm">{text}</Text>
        <Button size="xs" variant="default" onClick={() => again()}>
          {t.retry}
        </Button>
      </Group>
    </Alert>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Center p="md">
      <Stack align="center" gap={6} maw={420} ta="center">
        <Text c="dimmed" component="span">
          <Icon name="empty" size={30} />
        </Text>
        <Text fw={500}>{title}</Text>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
      </Stack>
    </Center>
  );
}
