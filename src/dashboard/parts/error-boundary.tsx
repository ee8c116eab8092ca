/** A fault in one page leaves the frame standing, and says what to do. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { Icon } from './icons.tsx';

export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <Crashed error={this.state.error} /> : this.props.children;
  }
}

function Crashed({ error }: { error: Error }) {
  const t = useWords(commonWords);
  return (
    <Alert color="red" icon={<Icon name="alert" />} title={t.crashed}>
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{t.crashedHint}</Text>
        <pre className="pre">{`${error.name}: ${error.message}`}</pre>
        <Button size="xs" color="red" onClick={() => window.location.reload()}>
          {t.reload}
        </Button>
      </Stack>
    </Alert>
  );
}
