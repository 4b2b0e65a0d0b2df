/** What a person may do. Each role may do all that the ones before it may. */
export const roles = ['viewer', 'moderator', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];
