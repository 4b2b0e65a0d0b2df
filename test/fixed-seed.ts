import fc from 'fast-check';

/**
 * Properties are tried on the same values each time, so that a change fails for what it did and a failure can be repeated.
 * `SLUICE_TEST_SEED` sets another seed; `npm run test:long` tries random ones.
 */
fc.configureGlobal({ seed: Number(process.env.SLUICE_TEST_SEED ?? 20_261_130) });
