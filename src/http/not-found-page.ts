import type { FastifyRequest } from 'fastify';

/** Headers of all pages: nothing but what this server serves, and nothing inline: not even a successful injection of markup runs or loads anything. */
export const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const;

const texts = {
  en: {
    title: 'There is nothing at this address',
    hint: 'Check the address, or go to the console.',
    link: 'To the console',
  },
  de: {
    title: 'Unter dieser Adresse gibt es nichts',
    hint: 'Prüfen Sie die Adresse, oder gehen Sie zur Konsole.',
    link: 'Zur Konsole',
  },
} as const;

/** What a browser shows for an address that does not exist; undefined for a program, which gets a problem document. Nothing of the request is in it. */
export function notFoundPage({ method, url, headers }: FastifyRequest): string | undefined {
  if ((method !== 'GET' && method !== 'HEAD') || url.startsWith('/api/')) return undefined;
  if (!prefersHtml(headers.accept ?? '')) return undefined;
  const language = /^\s*de\b/i.test(headers['accept-language'] ?? '') ? 'de' : 'en';
  const { title, hint, link } = texts[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title} · Sluice</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${hint}</p>
<p><a href="/review">${link}</a></p>
</main>
</body>
</html>
`;
}

/** HTML is named, and JSON is not wanted more (RFC 9110, section 12.5.1). */
function prefersHtml(accept: string): boolean {
  const wanted = new Map(
    accept.split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const weight = Number(
        /^q=([\d.]+)$/.exec(parameters.find((each) => each.startsWith('q=')) ?? '')?.[1] ?? 1,
      );
      return [type, weight];
    }),
  );
  const html = wanted.get('text/html') ?? 0;
  return (
    html > 0 &&
    html >=
      Math.max(0, ...['application/json', 'application/problem+json'].map((type) => wanted.get(type) ?? 0))
  );
}
