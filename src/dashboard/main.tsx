/** The page: its providers around the application. */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './dashboard.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiFailure } from './api/ask.ts';
import { App } from './app.tsx';
import { LiveProvider } from './live/live.tsx';
import { readableColors, theme } from './theme.ts';
import { LanguageProvider } from './words/language.tsx';

const client = new QueryClient({
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
          <LiveProvider>
            <Notifications position="bottom-right" />
            <App />
          </LiveProvider>
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
