/** How the dashboard is built: bootstrap/dashboard.mjs calls Vite with this file and names the folder. */
import path from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // web puts a fresh nonce in its place with every index.html (src/api/dashboard.ts)
  html: { cspNonce: 'DAYLINE_NONCE' },
  build: {
    outDir: path.join(import.meta.dirname, '../../dist/dashboard'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // no data: addresses
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // ECharts, loaded lazily
    target: 'es2022',
    rolldownOptions: {
      // 'use client' at the head of a library's files says nothing here
      onLog: (level, log, tell) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && tell(level, log),
    },
  },
});
