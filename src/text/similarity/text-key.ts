/**
 * The key by which two texts count as the same: NFKC, lower case, links as `U`, digits as `0`, and nothing but word
 * characters and spaces. It decides which messages are for testing and what near-duplicates are made of: changing it would
 * move messages between the training and the testing part.
 */
export function textKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/https?:\/\/\S+|www\.\S+/gu, 'U')
    .replace(/\p{Nd}/gu, '0')
    .replace(/[^\p{L}\p{N}_\s]/gu, '')
    .trim();
}
