import { Observable } from './observable.ts';

export interface Address {
  readonly path: string;
  readonly search: string;
}

const here = (): Address => ({ path: location.pathname, search: location.search });

/** Where the page is. */
export const address = new Observable<Address>(here());

addEventListener('popstate', () => {
  address.value = here();
});

/** `replace`: without a step for the browser's way back. */
export function go(path: string, search = '', replace = false): void {
  if (path === location.pathname && search === location.search) return;
  if (replace) history.replaceState(null, '', path + search);
  else history.pushState(null, '', path + search);
  address.value = here();
}

/** Takes the word for a failed log-in out of the address, which is not shown again after a reload. */
export function takeLoginWord(): string | undefined {
  const params = new URLSearchParams(location.search);
  const word = params.get('login');
  if (word === null) return undefined;
  params.delete('login');
  go(location.pathname, params.size === 0 ? '' : `?${params}`, true);
  return word;
}

/** Takes a secret out of the address before anything is loaded or logged, and returns it. */
export function takeSecret(): { readonly token?: string; readonly invitation?: string } {
  const params = new URLSearchParams(location.search);
  const token = params.get('token');
  const invitation = params.get('invitation');
  if (token === null && invitation === null) return {};
  params.delete('token');
  params.delete('invitation');
  const search = params.size === 0 ? '' : `?${params}`;
  go(location.pathname, search, true);
  return { ...(token === null ? {} : { token }), ...(invitation === null ? {} : { invitation }) };
}
