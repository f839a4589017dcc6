import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AltairConfigOptions } from 'altair-static';
import { altair } from './assets.js';
import { afterRequest, beforeRequest, type DemoAccount, toScript } from './browser-scripts.js';
import type { Example } from './examples.js';

/**
 * What Altair's page may load: what this gateway serves, and nothing else. Its requests go to this gateway alone; whoever wants
 * to explore another one opens that one's. Libraries in it probe for `eval`, and add style
 * elements with nothing in them and no nonce: that is refused, and nothing is missing.
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
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join(';');
}

/**
 * Altair's page, with a window for each example. It shows the last one. A browser that has been here before shows what it has kept instead.
 *
 * Addresses are relative, or made by the browser: only it knows by which name it has come here.
 */
export function altairPage(examples: readonly Example[], account: DemoAccount | null): (nonce: string) => string {
  const page = readFileSync(join(altair.folder, 'index.html'), 'utf8');
  const options = toScript(optionsOf(examples, account));
  return (nonce) => {
    const start = `<script type="module" nonce="${nonce}">
const endpointURL = new URL('graphql', location.href).href;
const endpoints = { endpointURL, subscriptionsEndpoint: endpointURL.replace(/^http/, 'ws') };
const { initialWindows, ...options } = ${options};
AltairGraphQL.init({
  ...options,
  ...endpoints,
  initialWindows: initialWindows.map((example) => ({ ...example, ...endpoints })),
  initialEnvironments: {
    activeSubEnvironment: 'gateway',
    subEnvironments: [{ id: 'gateway', title: '${account ? 'Demo' : 'Tenantry'}', variables: { endpoint: endpointURL } }],
  },
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
  const always = requestsOf(account);
  return {
    // For the windows that people open themselves.
    ...always,
    initialWindows: examples.map(({ title, document, variables }) => ({
      ...always,
      initialName: title,
      initialQuery: document,
      initialVariables: JSON.stringify(Object.fromEntries(variables.map((name) => [name, `{{${name}}}`])), null, 2),
    })),
    instanceStorageNamespace: 'tenantry_',
    disableAccount: true,
    initialSettings: { theme: 'system', language: 'en-US', tabSize: 2, disablePushNotification: true },
    persistedSettings: {
      'schema.reloadOnStart': true,
      // Scripts are interpreted, not evaluated: the page has no right to evaluate, and needs no frame that has.
      'beta.disable.newScript': true,
      'alert.disableUpdateNotification': true,
      'banners.disable': true,
    },
  };
}

/** Headers say `{{name}}` where scripts before and after requests know more: they keep it in Altair's environment. */
function requestsOf(account: DemoAccount | null): Windows[number] {
  const headers = { Authorization: 'Bearer {{accessToken}}', 'X-Organization-Id': '{{organizationId}}' };
  return {
    initialHeaders: headers,
    initialSubscriptionRequestHandlerId: 'graphql-ws',
    initialSubscriptionsPayload: headers,
    ...(account && { initialPreRequestScript: beforeRequest(account) }),
    initialPostRequestScript: afterRequest,
  };
}
