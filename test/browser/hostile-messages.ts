import type { StubMessage } from './stub-desk.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const marks = Array.from({ length: 60 }, (_, index) => String.fromCodePoint(0x300 + index)).join('');
const zalgo = [...'please read this message'].map((letter) => letter + marks).join('');
const flags = '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}';

/** Kinds of text that break pages, each made to be seen if it does: a script would set a title, an image would be requested. */
const kinds: readonly string[] = [
  '<script>document.title = "ran"</script>',
  '<img src=/stray.png onerror="document.title=\'ran\'">',
  '<svg onload="document.title=\'ran\'"><use href="/stray.svg#a"/></svg>',
  '<iframe src="/stray.html"></iframe><object data="/stray.swf"></object>',
  '<style>body{display:none}@import url(/stray.css)</style>',
  '<a href="javascript:document.title=\'ran\'">click</a>',
  '</div></section></main><form action="/stray"><input name=password>',
  '&lt;script&gt;&#60;script&#62;\\u003cscript\\u003e %3Cscript%3E',
  '#{document.title="ran"} {{constructor.constructor("return 1")()}} <%= 7 * 7 %>',
  'https://example.com/?q="><script>document.title="ran"</script>',
  'javascript:document.title="ran" data:text/html,<script>document.title="ran"</script>',
  '\u202Egpj.exe\u202C and \u2066isolate\u2069 \u202D left',
  '\u202E'.repeat(2000),
  '\u2067'.repeat(500),
  'fr\u200Bee mo\u00ADney \uFEFF\u2060\u180E\u3164\u2800 now',
  '\u200B'.repeat(3000),
  [...letters]
    .map((letter) => `${letter}\u200C`)
    .join('')
    .repeat(60),
  'x'.repeat(1_048_576),
  `${letters} `.repeat(40_000),
  '\n'.repeat(20_000),
  '\t'.repeat(5000),
  'ｗｉｄｅ　'.repeat(2000),
  zalgo,
  `a${'\u0489'.repeat(20_000)}`,
  'half a pair \uD83D and the other \uDE00 alone',
  '\uDC00\uD800'.repeat(800),
  'a\0b\u0001c\u001B[31md\u0007e\r\rf',
  '\u2028\u2029'.repeat(200),
  '\u{F0000}\u{10FFFF}\uE000\uFFFF\uFFFE',
  flags.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(400),
  'שלום עולם, this turns around مرحبا twice',
  'рау\u0440\u0430l.example.com \u0430pple.example xn--80ak6aa92e.example',
  '﷽'.repeat(200),
  '𒐫'.repeat(200),
  'ก็็็็็็็็็็็็็็็็็็็็'.repeat(20),
  '{"__proto__":{"polluted":true}} constructor prototype',
  '"\'`<>&;--/**/ OR 1=1',
  '',
  ' ',
];

/** The kinds, and each within an everyday sentence. Senders and communities are hostile too. */
export const hostileMessages: readonly StubMessage[] = [
  ...kinds.map((message, index) => ({ message, sender: kinds[(index + 3) % kinds.length]!.slice(0, 190) })),
  ...kinds.slice(0, 17).map((kind) => ({
    message: `Hi there, ${kind} see you on Sunday?`,
    community: kind.slice(0, 90),
    sender: kind.slice(0, 90),
  })),
];
