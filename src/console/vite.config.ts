import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** `npm run build:console` makes dist/console, which `yibao serve` serves; `npx vite src/console` serves it while developing. */
export default defineConfig({
  root: here,
  base: '/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    // the service sends `script-src 'self'`: no inline module preload
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)/ },
            {
              name: 'framework',
              test: /node_modules[\\/](react|react-dom|react-router|@tanstack|scheduler)[\\/]/,
            },
            { name: 'controls', test: /node_modules[\\/](antd|@ant-design|@rc-component|rc-)/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.YIBAO_SERVICE ?? 'http://127.0.0.1:8086' } },
});
