import { Parser } from 'htmlparser2';

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

/** A page of a listing. */
export interface ListingPage {
  readonly objects: readonly ListedObject[];
  /** Asks for the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** The answer of ListObjectsV2; undefined for a text that is none. */
export function listingOf(xml: string): ListingPage | undefined {
  const objects: ListedObject[] = [];
  const page: Record<string, string> = {};
  let object: Record<string, string> = {};
  let isListing = false;
  readElements(xml, (path, text) => {
    const [root, first, second] = path;
    if (root !== 'ListBucketResult') return;
    isListing = true;
    if (first === 'Contents' && second !== undefined && path.length === 3) object[second] = text;
    else if (first === 'Contents' && path.length === 2) {
      objects.push({ key: object.Key ?? '', bytes: Number(object.Size) });
      object = {};
    } else if (first !== undefined && path.length === 2) page[first] = text;
  });
  if (!isListing) return undefined;
  return { objects, next: page.IsTruncated === 'true' ? page.NextContinuationToken : undefined };
}

/** Code and message of an error document; both undefined for a text that is none. */
export function errorOf(xml: string): { readonly code?: string; readonly message?: string } {
  const found: Record<string, string> = {};
  readElements(xml, ([root, name, ...deeper], text) => {
    if (root === 'Error' && name !== undefined && deeper.length === 0) found[name] = text;
  });
  return {
    ...(found.Code === undefined ? {} : { code: found.Code }),
    ...(found.Message === undefined ? {} : { message: found.Message }),
  };
}

/** Calls `closed` for each element when it ends, with its path from the root and the text that is directly in it. */
function readElements(xml: string, closed: (path: readonly string[], text: string) => void): void {
  const path: string[] = [];
  const texts: string[] = [];
  const parser = new Parser(
    {
      onopentag: (name) => {
        path.push(name);
        texts.push('');
      },
      ontext: (text) => {
        if (texts.length > 0) texts[texts.length - 1] += text;
      },
      onclosetag: () => {
        closed(path, texts.pop() ?? '');
        path.pop();
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
}
