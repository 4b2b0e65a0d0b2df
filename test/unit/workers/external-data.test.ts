import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOfGraph } from '../../../workers/external-data.ts';

/** A field of a protocol buffer: a message or bytes, or a number. */
function field(number: number, content: Uint8Array | number): Buffer {
  if (typeof content === 'number') return Buffer.concat([varint(number * 8), varint(content)]);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

const text = (value: string) => Buffer.from(value);
const location = Buffer.concat([field(1, text('location')), field(2, text('weights.bin'))]);
const outside = Buffer.concat([
  field(1, 4),
  field(2, 1),
  field(8, text('w')),
  field(13, location),
  field(14, 1),
]);
const inside = Buffer.concat([field(1, 4), field(2, 1), field(8, text('w')), field(9, Buffer.alloc(16))]);
const model = (graph: Uint8Array) => Buffer.concat([field(1, 8), field(7, graph)]);
const nodeWith = (attribute: Uint8Array) => field(1, field(5, attribute));

describe('a graph that is checked before it is loaded', () => {
  it.each<[string, Uint8Array]>([
    ['an initializer', model(field(5, outside))],
    ['an initializer that only states a location elsewhere', model(field(5, field(14, 1)))],
    ['the values of a sparse initializer', model(field(15, field(1, outside)))],
    ['the indices of a sparse initializer', model(field(15, field(2, outside)))],
    ['a constant of a node', model(nodeWith(field(5, outside)))],
    ['a list of constants of a node', model(nodeWith(field(10, outside)))],
    ['a sparse constant of a node', model(nodeWith(field(22, field(1, outside))))],
    ['a graph inside a node', model(nodeWith(field(6, field(5, outside))))],
    ['one of the graphs inside a node', model(nodeWith(field(11, nodeWith(field(5, outside)))))],
    [
      'a function of the model',
      Buffer.concat([model(inside), field(25, field(7, field(5, field(5, outside))))]),
    ],
    ['a default value of a function', field(25, field(11, field(5, outside)))],
    ['a graph of training', field(20, field(2, field(5, outside)))],
    [
      'a second graph, which is merged into the first',
      Buffer.concat([model(field(5, inside)), model(field(5, outside))]),
    ],
  ])('a graph is refused before it is loaded if %s takes its data from another file', (_, bytes) => {
    expect(refusalOfGraph(bytes)).toContain('from another file');
  });

  it('a graph is accepted if it contains all its data, even if the bytes of a tensor look like a reference to a file', () => {
    const misleading = Buffer.concat([field(1, 4), field(9, field(5, outside))]);
    expect(refusalOfGraph(model(Buffer.concat([field(5, inside), field(5, misleading)])))).toBeUndefined();
    expect(refusalOfGraph(model(Buffer.concat([field(5, inside), field(14, 0)])))).toBeUndefined();
  });

  it('a graph is refused before it is loaded in the own format of ONNX Runtime, and if its bytes are not a protocol buffer', () => {
    expect(refusalOfGraph(Buffer.concat([Buffer.alloc(4), text('ORTM'), Buffer.alloc(64)]))).toContain(
      'format',
    );
    const whole = model(field(5, inside));
    expect(refusalOfGraph(whole.subarray(0, whole.length - 1))).toContain('not an ONNX graph');
    expect(refusalOfGraph(text('<html>503</html>'))).toContain('not an ONNX graph');
    let nested: Buffer = inside;
    for (let i = 0; i < 400; i++) nested = nodeWith(field(6, nested));
    expect(refusalOfGraph(model(nested))).toContain('not an ONNX graph');
  });

  it('a graph of any bytes does not make the check before loading crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['string', 'undefined']).toContain(typeof refusalOfGraph(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('a graph of the shipped model passes the check before loading', () => {
    const home = join(import.meta.dirname, '..', '..', '..', 'native-models', 'default');
    const folder = join(home, readdirSync(home)[0]!);
    const graphs = readdirSync(folder).filter((name) => name.endsWith('.onnx'));
    expect(graphs.length).toBeGreaterThan(3);
    for (const name of graphs) expect(refusalOfGraph(readFileSync(join(folder, name)))).toBeUndefined();
  });
});
