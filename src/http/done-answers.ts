import * as z from 'zod';
import { problemAnswers } from './api-schemas.ts';

/** The answers of a route that says nothing but that it is done. */
export const doneAnswers = { 204: z.undefined().describe('Done.'), ...problemAnswers } as const;
