/** Reads Kafka's encoding of numbers, texts and lists one after the other. Throws a RangeError behind the last byte. */
export class ByteReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4));
  }

  /** Offsets, times and producers' ids are far below 2⁵³. */
  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.#advance(8)));
  }

  /** A view, not a copy. */
  take(length: number): Buffer {
    if (length < 0) throw new RangeError(`a length of ${length} bytes`);
    const from = this.#advance(length);
    return this.bytes.subarray(from, from + length);
  }

  /** Zigzag, seven bits a byte, the lowest first; of up to ten bytes. Exact up to 2⁵³. */
  varint(): number {
    const { bytes, end } = this;
    let value = 0;
    let factor = 1;
    for (let at = this.at; at < end && factor < 2 ** 70; at++) {
      const byte = bytes[at]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.at = at + 1;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      factor *= 128;
    }
    throw new RangeError('a number without an end');
  }

  /** Bytes behind their length as a varint; null where the length is -1. */
  varintBytes(): Buffer | null {
    const length = this.varint();
    return length === -1 ? null : this.take(length);
  }

  /** Text behind its length as an int16. */
  text(): string {
    return this.take(this.int16()).toString('utf8');
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let count = this.int32(); count > 0; count--) items.push(read());
    return items;
  }

  #advance(length: number): number {
    const from = this.at;
    if (from + length > this.end) throw new RangeError(`it ends ${from + length - this.end} bytes early`);
    this.at = from + length;
    return from;
  }
}
