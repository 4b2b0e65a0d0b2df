// Types and meaning: junit.d.mts.

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text) {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? all;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescapeXml(value);
}

export function readJunit(xml) {
  const suite = /<testsuite\s[^>]*>/.exec(xml)?.[0];
  if (suite === undefined || !xml.trimEnd().endsWith('</testsuites>')) return undefined;
  const count = (name) => Number(attribute(suite, name));
  const cases = xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  const failures = [...cases].flatMap(([, tag, body = '']) => {
    const failed = /<(?:failure|error)\b[^>]*>/.exec(body)?.[0];
    if (failed === undefined) return [];
    const test = [attribute(tag, 'classname'), attribute(tag, 'name')].filter(Boolean).join(': ');
    return [{ test, message: attribute(failed, 'message') ?? '' }];
  });
  const skipped = count('skipped');
  return { total: count('tests'), passed: count('tests') - skipped - failures.length, skipped, failures };
}
