import * as z from 'zod';
import { setting } from '../setting.ts';

const ending = z
  .string()
  .regex(/^[\p{Ll}\d-]+(?:\.[\p{Ll}\d-]+)*$/u, 'must be in lower case, without the full stop before it');
const domain = z
  .string()
  .regex(/^[\p{Ll}\d-]+(?:\.[\p{Ll}\d-]+)+$/u, 'must be a domain in lower case, such as example.com');

/** Generic ones, those of countries, and those that cost nothing or were sold for little; not `rs`, `sh` and `so`, as files are named. */
const topLevelDomains = [
  ...['com', 'net', 'org', 'info', 'biz', 'xyz', 'online', 'site', 'website', 'shop', 'store', 'top', 'club'],
  ...['icu', 'vip', 'app', 'dev', 'pro', 'live', 'life', 'fun', 'click', 'link', 'space', 'world', 'today'],
  ...[
    'win',
    'bid',
    'loan',
    'work',
    'men',
    'date',
    'trade',
    'stream',
    'download',
    'review',
    'racing',
    'party',
  ],
  ...['science', 'webcam', 'accountant', 'cricket', 'faith', 'tech', 'digital', 'agency', 'center', 'email'],
  ...[
    'group',
    'ltd',
    'finance',
    'money',
    'cash',
    'casino',
    'bet',
    'poker',
    'games',
    'chat',
    'dating',
    'sexy',
  ],
  ...[
    'porn',
    'sex',
    'adult',
    'cam',
    'rocks',
    'ninja',
    'guru',
    'cyou',
    'sbs',
    'cfd',
    'rest',
    'monster',
    'quest',
  ],
  ...[
    'buzz',
    'mobi',
    'asia',
    'de',
    'at',
    'ch',
    'eu',
    'uk',
    'co.uk',
    'us',
    'ca',
    'au',
    'in',
    'ru',
    'su',
    'ua',
  ],
  ...[
    'by',
    'pl',
    'cz',
    'sk',
    'nl',
    'be',
    'fr',
    'es',
    'it',
    'pt',
    'br',
    'mx',
    'ar',
    'co',
    'io',
    'me',
    'tv',
    'cc',
  ],
  ...['to', 'ly', 'gg', 'gl', 'la', 'ws', 'pw', 'nu', 'tk', 'ml', 'ga', 'cf', 'gq', 'am', 'fm', 'ai', 'id'],
  ...[
    'cn',
    'hk',
    'jp',
    'kr',
    'tr',
    'ir',
    'pk',
    'ng',
    'za',
    'ke',
    'vn',
    'th',
    'ph',
    'my',
    'sg',
    'dk',
    'se',
    'no',
  ],
  ...['fi', 'hu', 'ro', 'bg', 'gr', 'hr', 'si', 'lt', 'lv', 'ee', 'li', 'lu', 'ie', 'is', 'st', 'im'],
];

/** `sluice label`. */
export const label = z.strictObject({
  rules: z
    .strictObject({
      links: z
        .strictObject({
          topLevelDomains: setting(z.array(ending).min(1).default(topLevelDomains), {
            description: 'Endings of the domains that the rule `links` takes for a hit.',
            allowed: 'endings in lower case, without the full stop before them',
            defaultText: `${topLevelDomains.length} generic endings and endings of countries`,
          }),
          allowedDomains: setting(z.array(domain).default(['ado.net', 'asp.net', 'vb.net', 'socket.io']), {
            description: 'Domains, with all below them, that are no hit of the rule `links`.',
            allowed: 'domains in lower case',
          }),
          allowKnownSites: setting(z.boolean().default(true), {
            description: 'A link to a well-known site is no hit of the rule `links`.',
          }),
        })
        .prefault({}),
      numberedDomains: z
        .strictObject({
          endings: setting(
            z
              .array(z.string().regex(/^[a-z]{2,10}$/, 'must be two to ten letters, a to z'))
              .min(1)
              .default(['net', 'com']),
            {
              description: 'Endings that the rule `numbered-domains` looks for behind two digits.',
              allowed: 'endings of 2 to 10 letters, a to z',
            },
          ),
        })
        .prefault({}),
    })
    .prefault({}),
});
