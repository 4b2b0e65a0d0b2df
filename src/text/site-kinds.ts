import { knownSiteList } from './known-site-list.ts';

/** What is known of a host without asking anybody. */
export type SiteKind =
  /** A site that is well known, or an office or a university by its ending. */
  | 'known'
  /** A host that only a local network knows. */
  | 'local'
  /** Leads to an address that it doesn't show. */
  | 'shortener'
  /** Leads into a chat. */
  | 'messenger'
  /** Anybody's page under a well-known host. */
  | 'hosting'
  | 'unknown';

const knownSites = new Set(
  knownSiteList
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [suffix, ...names] = line.split(/:? /) as [string, ...string[]];
      return suffix === '*' ? names : names.map((name) => `${name}.${suffix}`);
    }),
);

const shorteners = setOf(`
  adf.ly b.link bc.vc bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cli.co cutt.ly cuttly.com da.gd db.tt dlvr.it dub.sh gg.gg goo.su
  ity.im is.gd j.mp kutt.it kurzelinks.de lnkd.in lnk.to mcaf.ee moourl.com nic.ru.com ouo.io ow.ly po.st qr.ae q.gs rb.gy rebrand.ly
  rebrandly.com s.id short.gy short.io shorte.st shorturl.at shorturl.gg smarturl.it soo.gd spoo.me surl.li t.co t.ly t2m.io t1p.de
  tiny.cc tinyurl.com tr.im trib.al u.to urlz.fr v.gd v.ht vk.cc x.co zws.im zpr.io`);

const messengers = setOf(`
  t.me telegram.me telegram.dog tlgrm.eu wa.me discord.gg discord.gift signal.me signal.group viber.me line.me kakao.com snapchat.link
  wechat.com kik.me m.me chat.whatsapp.com api.whatsapp.com discord.com/invite`);

const hosting = setOf(`
  linktr.ee linktree.com beacons.ai bio.link carrd.co taplink.cc blogspot.com wordpress.com weebly.com wixsite.com webflow.io netlify.app
  vercel.app pages.dev workers.dev herokuapp.com web.app firebaseapp.com github.io gitlab.io sites.google.com forms.gle telegra.ph
  page.link glitch.me repl.co replit.app surge.sh 000webhostapp.com square.site strikingly.com jimdosite.com onrender.com ngrok.io
  ngrok-free.app trycloudflare.com r2.dev azurewebsites.net`);

/** Endings under which nobody registers freely, with or without a country. */
const officialEnding = /(?:^|\.)(?:gov|edu|mil|int|ac|gob|gouv|gv)(?:\.[a-z]{2})?$/;
const localEnding =
  /(?:^|\.)(?:local|localhost|lan|internal|intranet|home|fritz\.box|home\.arpa|corp|test|localdomain)$/;
/** Loopback, and the private and link-local ranges of RFC 1918 and RFC 3927. */
const localAddress = /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$/;

/** Words of well-known names that are longer than what may stand in any name by chance. */
const brands: ReadonlySet<string> = new Set(
  [...knownSites].map((site) => site.slice(0, site.indexOf('.'))).filter((name) => name.length >= 5),
);

/** `host` and `domain` in lower case; `domain` is the registrable one, or null. */
export function siteKindOf(host: string, domain: string | null, suffix: string): SiteKind {
  if (isLocalHost(host)) return 'local';
  if (domain === null) return 'unknown';
  if (messengers.has(host) || messengers.has(domain)) return 'messenger';
  if (shorteners.has(domain)) return 'shortener';
  if (hosting.has(host) || hosting.has(domain) || hosting.has(suffix)) return 'hosting';
  return knownSites.has(domain) || officialEnding.test(suffix) ? 'known' : 'unknown';
}

/** Whether the host can only be one of a local network. */
export function isLocalHost(host: string): boolean {
  return localAddress.test(host) || localEnding.test(host);
}

/** Whether a part of the domain's name, between hyphens, is the name of a well-known site: `paypal-login.top`. */
export function namesKnownSite(name: string): boolean {
  return name.includes('-') && name.split('-').some((part) => brands.has(part));
}

function setOf(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
