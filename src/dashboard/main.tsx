/** The page: its providers around the application. */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './dashboard.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiFailure } from './api/ask.ts';
import { isLoggedOut, SESSION_KEY } from './api/session.ts';
import { App } from './app.tsx';
import { LiveProvider } from './live/live.tsx';
import { Gate } from './shell/gate.tsx';
import { readableColors, theme } from './theme.ts';
import { LanguageProvider } from './words/language.tsx';

/** A refusal for want of a session shows the log-in, whatever was asked; not again where it is shown. */
function onError(error: Error): void {
  const wasIn = client.getQueryState(SESSION_KEY)?.status === 'success';
  if (wasIn && isLoggedOut(error)) void client.invalidateQueries({ queryKey: SESSION_KEY });
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError,
  }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // a refusal stays one; the live feed or the next poll asks again
      retry: (failures, error) => error instanceof ApiFailure && error.status >= 500 && failures < 1,
      refetchOnWindowFocus: true,
      // "offline" says nothing about a Dayline on this machine
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** web puts it into every index.html; styles that libraries add need it (Content-Security-Policy). */
const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce ?? '';
Object.assign(window, { __webpack_nonce__: nonce });

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColors}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <LanguageProvider>
          <Notifications position="bottom-right" />
          <Gate>
            <LiveProvider>
              <App />
            </LiveProvider>
          </Gate>
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
