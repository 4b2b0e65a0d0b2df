import { consolePages } from '../core/console-pages.ts';

const paths: ReadonlySet<string> = new Set(['/', ...consolePages.map(({ name }) => `/${name}`)]);

/** Whether this is the path of a page of the console, with its query or without: a redirect leads nowhere else. */
export function isOwnPage(address: string): boolean {
  const [path = '', ...rest] = address.split('?');
  // Browsers drop control characters from an address, and take a backslash for a slash.
  return paths.has(path) && rest.length < 2 && /^[\x21-\x5b\x5d-\x7e]*$/.test(address);
}
