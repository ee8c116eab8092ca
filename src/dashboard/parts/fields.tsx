import { Grid, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and values below each other; those without a value are left out. */
export function Fields({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <Grid gutter={{ base: 4, sm: 6 }}>
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <Grid.Col span={12} key={name}>
            <Grid gutter="xs">
              <Grid.Col span={{ base: 5, sm: 4 }}>
                <Text size="sm" c="dimmed">
                  {name}
                </Text>
              </Grid.Col>
              <Grid.Col span={{ base: 7, sm: 8 }}>
                <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              </Grid.Col>
            </Grid>
          </Grid.Col>
        ))}
    </Grid>
  );
}
