/** Asks for the bearer token where the API wants one. */
import { Button, Card, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiFailure, token } from '../api/ask.ts';
import { useDatasets } from '../api/queries.ts';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';

export function TokenGate({ children }: { children: ReactNode }) {
  const { error } = useDatasets();
  const wantsToken = error instanceof ApiFailure && error.status === 401;
  return wantsToken ? <TokenForm refused={token.get() !== null ? error.message : null} /> : children;
}

function TokenForm({ refused }: { refused: string | null }) {
  const t = useWords(commonWords);
  const client = useQueryClient();
  const [value, setValue] = useState('');
  const use = (event: FormEvent) => {
    event.preventDefault();
    token.set(value.trim());
    void client.invalidateQueries();
  };
  return (
    <Card withBorder maw={420} mx="auto" mt="xl">
      <form onSubmit={use}>
        <Stack>
          <Title order={2} size="h4">
            {t.tokenTitle}
          </Title>
          <Text size="sm">{t.tokenText}</Text>
          <PasswordInput
            label={t.tokenLabel}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            error={refused}
            autoComplete="off"
          />
          <Button type="submit" disabled={value.trim() === ''}>
            {t.tokenUse}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
