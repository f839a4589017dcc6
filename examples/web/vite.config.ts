import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

/** The app calls its own origin, and what is meant for the gateway goes there: nothing is cross-origin. */
export default defineConfig(({ mode }) => {
  const { VITE_GATEWAY_URL: target = 'http://127.0.0.1:4000' } = loadEnv(mode, '.');
  const proxy = { '/graphql': { target, changeOrigin: true, ws: true } };
  return { plugins: [react()], server: { proxy }, preview: { proxy }, build: { chunkSizeWarningLimit: 600 } };
});
