/** What made-up messages of one language are made of. `<name>`, `<thing>`, `<place>`, `<day>` are chosen from the lists. */
export interface SampleTemplates {
  readonly names: readonly string[];
  readonly things: readonly string[];
  readonly places: readonly string[];
  readonly days: readonly string[];
  readonly ham: readonly string[];
  readonly spam: readonly string[];
}
