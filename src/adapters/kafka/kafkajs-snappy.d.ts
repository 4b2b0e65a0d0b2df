declare module 'kafkajs-snappy' {
  interface Codec {
    compress(encoder: { readonly buffer: Buffer }): Promise<Uint8Array>;
    decompress(bytes: Buffer): Promise<Uint8Array>;
  }
  export default function snappyCodec(): Codec;
}
