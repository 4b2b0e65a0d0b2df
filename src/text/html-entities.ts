/** Names of Latin-1 from U+00A0 on, in the order of the code points: HTML 4, section 24.2. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil ' +
  'sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute ' +
  'Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc ' +
  'atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide ' +
  'oslash ugrave uacute ucirc uuml yacute thorn yuml';

const others: Readonly<Record<string, number>> = {
  ...{
    amp: 38,
    lt: 60,
    gt: 62,
    quot: 34,
    apos: 39,
    num: 35,
    excl: 33,
    dollar: 36,
    percnt: 37,
    lpar: 40,
    rpar: 41,
    ast: 42,
    plus: 43,
  },
  ...{
    comma: 44,
    period: 46,
    sol: 47,
    colon: 58,
    semi: 59,
    equals: 61,
    quest: 63,
    commat: 64,
    lsqb: 91,
    lbrack: 91,
    bsol: 92,
  },
  ...{
    rsqb: 93,
    rbrack: 93,
    Hat: 94,
    lowbar: 95,
    grave: 96,
    lcub: 123,
    lbrace: 123,
    verbar: 124,
    vert: 124,
    rcub: 125,
    rbrace: 125,
  },
  ...{
    Tab: 9,
    NewLine: 10,
    hyphen: 0x2010,
    dash: 0x2010,
    ndash: 0x2013,
    mdash: 0x2014,
    lsquo: 0x2018,
    rsquo: 0x2019,
    sbquo: 0x201a,
  },
  ...{
    ldquo: 0x201c,
    rdquo: 0x201d,
    bdquo: 0x201e,
    bull: 0x2022,
    hellip: 0x2026,
    euro: 0x20ac,
    trade: 0x2122,
    ensp: 0x2002,
  },
  ...{
    emsp: 0x2003,
    thinsp: 0x2009,
    zwnj: 0x200c,
    zwj: 0x200d,
    lrm: 0x200e,
    rlm: 0x200f,
    hearts: 0x2665,
    larr: 0x2190,
    rarr: 0x2192,
  },
};

/** The code points of named characters, without `&` and `;`. */
export const entityCodes: ReadonlyMap<string, number> = new Map([
  ...latin1.split(' ').map((name, at): [string, number] => [name, 0xa0 + at]),
  ...Object.entries(others),
]);

/** No name is longer. */
export const LONGEST_ENTITY = 8;
