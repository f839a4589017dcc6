import { type DemoAccount, sessionSource, toScript } from './browser-scripts.js';
import type { Example } from './examples.js';

const cdn = 'https://embeddable-sandbox.cdn.apollographql.com';

/** What the page may load: Apollo's script, which opens a frame and sends the requests of that frame to this gateway. */
export function sandboxPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "connect-src 'self'",
    'frame-src https://sandbox.embed.apollographql.com',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join(';');
}

/**
 * Apollo Sandbox, as its documentation embeds it. It comes from Apollo's CDN; what is asked and answered goes between the browser
 * and this gateway.
 */
export function sandboxPage(examples: readonly Example[], account: DemoAccount | null): (nonce: string) => string {
  const initialState = {
    document: examples.map(({ document }) => document).join('\n'),
    // It knows no placeholders: people fill this in.
    variables: Object.fromEntries(examples.flatMap(({ variables }) => variables).map((name) => [name, ''])),
    includeCookies: false,
  };
  return (nonce) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Tenantry · Apollo Sandbox</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
p { margin: 2rem; }
#sandbox, #sandbox iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
#sandbox:empty { display: none; }
</style>
</head>
<body>
<p>Apollo Sandbox comes from Apollo’s CDN, which cannot be reached. <a href="./">Altair</a> needs no internet.</p>
<div id="sandbox"></div>
<script nonce="${nonce}" src="${cdn}/v2/embeddable-sandbox.umd.production.min.js"></script>
<script nonce="${nonce}">
const endpoint = new URL('graphql', location.href).href;
${account ? signingIn(account) : ''}
new EmbeddedSandbox({
  target: '#sandbox',
  initialEndpoint: endpoint,
  initialSubscriptionEndpoint: endpoint.replace(/^http/, 'ws'),
  endpointIsEditable: false,
  initialState: ${toScript(initialState)},
  ${account ? 'handleRequest,' : ''}
  runTelemetry: false,
  allowDynamicStyles: false,
});
</script>
</body>
</html>
`;
}

/** Requests without headers of their own are those of the demo account. */
function signingIn(account: DemoAccount): string {
  return `${sessionSource(account)}
const send = (headers, body) => fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const ask = async (query, accessToken) => {
  const headers = accessToken ? { authorization: \`Bearer \${accessToken}\` } : {};
  const response = await send(headers, JSON.stringify({ query }));
  return (await response.json()).data ?? null;
};
let accessToken;
const handleRequest = async (url, options) => {
  const given = new Headers(options.headers);
  if (given.has('authorization') || given.has('x-api-key')) return fetch(url, options);
  const session = await sessionOf(ask, accessToken);
  accessToken = session.accessToken;
  given.set('authorization', \`Bearer \${accessToken}\`);
  if (!given.has('x-organization-id')) given.set('x-organization-id', session.organizationId);
  return fetch(url, { ...options, headers: Object.fromEntries(given) });
};`;
}
