import { Button, Group } from '@mantine/core';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The way on in a list that is read page by page; nothing where it ends. */
export function More({ query, label }: { query: Pages; label: string }) {
  if (!query.hasNextPage) return null;
  return (
    <Group justify="center" mt="xs">
      <Button
        variant="default"
        size="xs"
        loading={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {label}
      </Button>
    </Group>
  );
}
