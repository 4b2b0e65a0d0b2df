/** What a browser does with redirects, cookies and the forms of the provider. */
export class TestBrowser {
  /** By host with port, and name. Real browsers share them between ports; providers and consoles are on different hosts. */
  readonly cookies = new Map<string, Map<string, string>>();
  /** Addresses that were visited, the last one last. */
  readonly visited: string[] = [];

  cookiesOf(url: string): Map<string, string> {
    const { host } = new URL(url);
    if (!this.cookies.has(host)) this.cookies.set(host, new Map());
    return this.cookies.get(host)!;
  }

  /** One request; redirects are returned. */
  async request(url: string, body?: URLSearchParams, headers: Readonly<Record<string, string>> = {}) {
    this.visited.push(url);
    const jar = this.cookiesOf(url);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        ...headers,
        ...(jar.size === 0 ? {} : { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
      },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';', 1);
      const name = pair.slice(0, pair.indexOf('='));
      const isEnded = /max-age=0|expires=Thu, 01 Jan 1970/i.test(set);
      if (isEnded) jar.delete(name);
      else jar.set(name, pair.slice(name.length + 1));
    }
    const location = response.headers.get('location');
    return {
      status: response.status,
      location: location === null ? undefined : new URL(location, url).href,
      text: await response.text(),
      headers: response.headers,
    };
  }

  /** Follows redirects and fills the provider's forms in as `person`, until `stop` holds for an address. */
  async follow(url: string, person: string, stop: (url: string) => boolean): Promise<string> {
    let next = { url, body: undefined as URLSearchParams | undefined };
    for (let step = 0; step < 20; step++) {
      if (stop(next.url)) return next.url;
      const { location, text } = await this.request(next.url, next.body);
      if (location !== undefined) {
        next = { url: location, body: undefined };
        continue;
      }
      const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1];
      if (action === undefined) return next.url;
      const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? '';
      const body = new URLSearchParams({
        prompt,
        ...(prompt === 'login' ? { login: person, password: 'any' } : {}),
      });
      next = { url: new URL(action, next.url).href, body };
    }
    throw new Error(`there is no end: ${this.visited.join(' ')}`);
  }
}
