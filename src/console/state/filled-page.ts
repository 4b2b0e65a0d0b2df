/** A page of a list, which may be empty though others follow. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const MOST_ROUNDS = 20;

/** The first page from here on that has something, or the last one, or an empty one after many: each looks at many rows. */
export async function filledPage<P extends Page<unknown>>(
  load: (after: string | null) => Promise<P>,
  after: string | null,
): Promise<P> {
  let page = await load(after);
  for (let round = 1; page.items.length === 0 && page.next !== null && round < MOST_ROUNDS; round++)
    page = await load(page.next);
  return page;
}
