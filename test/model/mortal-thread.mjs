// The built scoring thread, in which a text can do what no text is known to do: end the thread, or throw while it is read.
import score from '../../dist/workers/score-batch.js';

const texts = Buffer.prototype.toString;
Buffer.prototype.toString = function markedToString(...args) {
  const text = texts.apply(this, args);
  if (text.includes('Ω throws')) throw new TypeError(`SECRET ${text}`);
  return text;
};

export default async function mortal(request) {
  const body = new Uint8Array(request.packed);
  if (texts.call(Buffer.from(body)).includes('Ω ends')) process.exit(3);
  return await score(request);
}
