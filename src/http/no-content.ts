import * as z from 'zod';

/** The answer 204, in the description of a route. */
export const noContent = z.undefined().describe('Done.');
