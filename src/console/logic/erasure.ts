import type { ErasureReport, SubjectKind } from '../../core/erasure.ts';

/** All kinds; a list here, since the page has no code of the server's. */
export const subjectKindNames: readonly SubjectKind[] = ['sender', 'message'];

/** What an admin has written into the form. */
export interface ErasureForm {
  readonly kind: SubjectKind;
  /** The sender, or the id of the message. */
  readonly id: string;
  readonly community: string;
}

export const emptyForm: ErasureForm = { kind: 'sender', id: '', community: '' };

/** The address to delete. A message is in the community that is written, also in that without a name. */
export function erasureAddress({ kind, id, community }: ErasureForm, dryRun: boolean): string {
  const params = new URLSearchParams({
    ...(kind === 'message' || community !== '' ? { community } : {}),
    ...(dryRun ? { dry_run: 'true' } : {}),
  });
  const query = params.size === 0 ? '' : `?${params}`;
  return `/api/v1/subjects/${kind}/${encodeURIComponent(id)}${query}`;
}

/** What has to be written to confirm an erasure. */
export function confirmationOf({ kind, id, community }: ErasureForm): string {
  return kind === 'message' && community !== '' ? `${community}/${id}` : id;
}

/** Records that were erased, or would be. */
export function removedIn({ stores }: ErasureReport): number {
  return stores.reduce((sum, { removed }) => sum + removed, 0);
}
