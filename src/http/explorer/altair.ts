import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AltairConfigOptions } from 'altair-static';
import { altair } from './assets.js';
import { afterSignIn, beforeRequest, type DemoAccount, toScript } from './browser-scripts.js';
import type { Example } from './examples.js';

/**
 * What Altair's page may load: what this gateway serves, and nothing else. Its requests go to this gateway alone; whoever wants
 * to explore another one opens that one's. Scripts that people write run in a frame, which has a policy of its own.
 */
export function altairPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join(';');
}

/**
 * Altair's page, with an operation in each window. A browser that has been here before shows what it has kept instead.
 *
 * Addresses are relative, or made by the browser: only it knows by which name it has come here.
 */
export function altairPage(examples: readonly Example[], account: DemoAccount | null): (nonce: string) => string {
  const page = readFileSync(join(altair.folder, 'index.html'), 'utf8');
  const options = toScript(optionsOf(examples, account));
  return (nonce) => {
    const start = `<script type="module" nonce="${nonce}">
const options = ${options};
const endpointURL = new URL('graphql', location.href).href;
const endpoints = { endpointURL, subscriptionsEndpoint: endpointURL.replace(/^http/, 'ws') };
AltairGraphQL.init({
  ...options,
  ...endpoints,
  initialWindows: options.initialWindows.map((example) => ({ ...example, ...endpoints })),
  initialEnvironments: { base: { title: 'Gateway', variables: { endpoint: endpointURL } } },
  cspNonce: '${nonce}',
});
</script>`;
    return page
      .replace(/<base.*>/, `<base href="./${altair.path}/">`)
      .replace('<title>Altair</title>', '<title>Tenantry · Altair</title>')
      .replace('<style>', `<style nonce="${nonce}">`)
      .replace('</body>', () => `${start}</body>`);
  };
}

type Windows = NonNullable<AltairConfigOptions['initialWindows']>;

function optionsOf(examples: readonly Example[], account: DemoAccount | null): AltairConfigOptions {
  return {
    ...signedIn(account),
    initialWindows: examples.map((example) => windowOf(example, account)),
    instanceStorageNamespace: 'tenantry_',
    disableAccount: true,
    initialSettings: { theme: 'light', language: 'en-US', tabSize: 2, disablePushNotification: true },
    persistedSettings: { 'alert.disableUpdateNotification': true, 'banners.disable': true },
  };
}

function windowOf(example: Example, account: DemoAccount | null): Windows[number] {
  const { title, document, variables, signsIn } = example;
  return {
    initialName: title,
    initialQuery: document,
    initialVariables: JSON.stringify(variables, null, 2),
    ...(signsIn ? { initialPostRequestScript: afterSignIn } : signedIn(account)),
  };
}

/** What makes an operation that of whoever has signed in, and of the demo account until then. */
function signedIn(account: DemoAccount | null): Windows[number] {
  const headers = { Authorization: 'Bearer {{accessToken}}', 'X-Organization-Id': '{{organizationId}}' };
  return {
    initialHeaders: headers,
    initialSubscriptionRequestHandlerId: 'graphql-ws',
    initialSubscriptionsPayload: headers,
    ...(account && { initialPreRequestScript: beforeRequest(account) }),
  };
}
