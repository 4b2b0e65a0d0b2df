import type { SeededRandom } from './seeded-random.ts';

const SITES = `
youtube.com/watch?v= youtu.be/ en.wikipedia.org/wiki/ de.wikipedia.org/wiki/ docs.google.com/document/d/ drive.google.com/file/d/
maps.app.goo.gl/ www.bbc.co.uk/news/ www.theguardian.com/world/ www.spiegel.de/politik/ www.tagesschau.de/inland/ www.amazon.de/dp/
www.ebay.com/itm/ www.kleinanzeigen.de/s-anzeige/ github.com/ stackoverflow.com/questions/ open.spotify.com/track/ zoom.us/j/
meet.google.com/ www.instagram.com/p/ www.facebook.com/events/ twitter.com/i/status/ www.reddit.com/r/ www.chefkoch.de/rezepte/
www.gov.uk/guidance/ elpais.com/espana/ www.lemonde.fr/societe/ www.repubblica.it/cronaca/ nos.nl/artikel/ wiadomosci.onet.pl/kraj/
g1.globo.com/economia/ www.hurriyet.com.tr/gundem/ lenta.ru/news/`
  .trim()
  .split(/\s+/);
const HONEST_HOSTS = [
  'tsv',
  'musikschule',
  'bakery',
  'cafe',
  'scouts',
  'library',
  'stadt',
  'choir',
  'verein',
  'school',
  'praxis',
  'garden',
];
const HONEST_NAMES = [
  'neudorf',
  'hillside',
  'altstadt',
  'riverton',
  'bergheim',
  'oakfield',
  'lindenau',
  'westend',
  'moorland',
  'sonnental',
];
const HONEST_ENDINGS = ['de', 'org', 'co.uk', 'com', 'net', 'at', 'ch', 'eu'];
const STREETS = [
  'High Street',
  'Mill Lane',
  'Station Road',
  'Church Rd',
  'Park Avenue',
  'Hauptstr.',
  'Bahnhofstraße',
  'Lindenweg',
  'Am Markt',
  'Schulgasse',
  'rue Pasteur',
  'Calle Mayor',
  'Via Roma',
  'ul. Długa',
  'Kerkstraat',
  'Rua Nova',
  'ул. Мира',
  'Atatürk Cad.',
];
const PLACES = [
  'Leeds',
  'Dublin',
  'Bristol',
  'Austin',
  'Heidelberg',
  'Köln',
  'Graz',
  'Bern',
  'Lyon',
  'Sevilla',
  'Torino',
  'Utrecht',
  'Gdańsk',
  'Porto',
  'Казань',
  'İzmir',
];
const CURRENCIES = ['€', '£', '$', ' €', ' EUR', ' Euro', ' euros', ' zł', ' ₽', ' TL', ' R$', ' CHF', ' kr'];
const FRAMES: Readonly<Record<string, readonly string[]>> = {
  number: [
    'my number is N',
    'call me on N',
    'ring N',
    'N',
    'tel N',
    'meine nummer ist N',
    'ruf an N',
    'erreichbar unter N',
    'mi número es N',
    'mon numéro: N',
    'il mio numero è N',
    'mijn nummer is N',
    'mój numer N',
    'meu número é N',
    'numaram N',
    'мой номер N',
  ],
  price: [
    'N',
    'N',
    'for N',
    'it was N',
    'N each',
    'kostet N',
    'für N',
    'waren N',
    'cuesta N',
    'ça fait N',
    'costa N',
    'kost N',
    'kosztuje N',
    'custa N',
    'fiyatı N',
    'стоит N',
  ],
};

type Addition = (random: SeededRandom) => string;

const additions: readonly Addition[] = [
  (random) => framed(random, 'number', phoneNumber(random)),
  (random) => framed(random, 'price', price(random)),
  (random) =>
    `${random.pick(STREETS)} ${1 + random.below(140)}, ${10_000 + random.below(89_999)} ${random.pick(PLACES)}`,
  (random) => time(random),
  (random) => `https://${random.pick(SITES)}${token(random)}`,
  (random) =>
    `${random.pick(['https://', 'https://www.', 'www.', 'http://'])}${random.pick(HONEST_HOSTS)}-${random.pick(HONEST_NAMES)}.${random.pick(HONEST_ENDINGS)}${random.pick(['', '/', '/news', '/termine', '/about'])}`,
  (random) => `${random.pick(['', '#', 'nr. ', 'code ', 'no '])}${random.below(10 ** (2 + random.below(6)))}`,
];

/**
 * A detail as anybody adds to a message, whatever it says: a telephone number, a price, an address, a time, a link to a well-known site
 * or to a small one, a number. In several languages.
 */
export function harmlessAddition(random: SeededRandom): string {
  return random.pick(additions)(random);
}

function framed(random: SeededRandom, kind: string, value: string): string {
  return random.pick(FRAMES[kind]!).replace('N', () => value);
}

function digits(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('');
}

function phoneNumber(random: SeededRandom): string {
  const start = random.pick([
    '07',
    '0151',
    '0176',
    '030',
    '020',
    '+49 ',
    '+44 ',
    '+1 ',
    '+33 6',
    '+34 6',
    '+39 3',
    '+31 6',
    '+48 ',
    '+55 11',
    '+90 5',
    '+7 9',
    '06',
    '555-',
  ]);
  const parts = random.pick([[8], [3, 4], [7], [2, 2, 2, 2], [4, 4], [3, 3, 3], [9]]);
  return (
    start +
    random.pick(['', ' ', '-', '/', ' ']) +
    parts.map((size) => digits(random, size)).join(random.pick([' ', '', '-', ' ']))
  );
}

function price(random: SeededRandom): string {
  const amount = random.pick([1 + random.below(9), 10 + random.below(90), 5 * (20 + random.below(180))]);
  const cents = random.pick(['', '', '.50', ',99', '.20', ',-']);
  const currency = random.pick(CURRENCIES);
  return currency.length === 1 && currency !== '€'
    ? `${currency}${amount}${cents}`
    : `${amount}${cents}${currency}`;
}

function time(random: SeededRandom): string {
  const hour = random.below(24);
  const minute = random.pick(['00', '15', '30', '45', digits(random, 1) + digits(random, 1)]);
  return random.pick([
    `${hour}:${minute}`,
    `um ${hour} Uhr`,
    `at ${1 + (hour % 12)}pm`,
    `${1 + random.below(28)}.${1 + random.below(12)}.`,
    `${hour}h${minute}`,
    `${1 + random.below(28)}/${1 + random.below(12)}/2025`,
  ]);
}

function token(random: SeededRandom): string {
  const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_';
  return Array.from({ length: 5 + random.below(12) }, () => letters[random.below(letters.length)]).join('');
}
