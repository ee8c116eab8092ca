/** Lets nobody in without a session where the API wants one. Who comes back stands where they were. */
import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { isLoggedOut, useSession } from '../api/session.ts';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { LoginScreen } from './login-screen.tsx';

export function Gate({ children }: { children: ReactNode }) {
  const t = useWords(commonWords);
  const { data, error, isPending } = useSession();
  // what was known stays while asking again fails; a log-out takes it away
  if (isLoggedOut(error)) return <LoginScreen again={data !== undefined} />;
  if (isPending)
    return (
      <Center h="100vh" role="status" aria-busy="true" aria-label={t.loading}>
        <Loader />
      </Center>
    );
  return children;
}
