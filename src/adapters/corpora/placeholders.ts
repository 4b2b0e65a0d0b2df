/**
 * What makers of data sets put in place of numbers, times and addresses of people. It stands nearly always in ham, so that a model would
 * take it for a sign of ham, and nobody writes it.
 */
const placeholder = /(?:<|&lt;)(#|DECIMAL|NUMBER|TIME|DATE|URL|EMAIL|EMAIL_ADDRESS|PHONE|NAME)(?:>|&gt;)/g;

/** With a value of the kind that was there; which one depends on the text alone. */
export function fillPlaceholders(text: string): string {
  return text.replace(placeholder, (_, kind: string, at: number) => {
    const number = 2 + ((text.length * 31 + at * 17) % 97);
    switch (kind) {
      case 'DECIMAL':
        return `${number}.${number % 10}0`;
      case 'TIME':
        return `${1 + (number % 12)}:${10 + (number % 50)}`;
      case 'DATE':
        return `${1 + (number % 28)}/${1 + (number % 12)}`;
      case 'URL':
        return 'https://en.wikipedia.org/wiki/Main_Page';
      case 'EMAIL':
      case 'EMAIL_ADDRESS':
        return 'me@example.com';
      case 'PHONE':
        return `07700 900${100 + number}`;
      case 'NAME':
        return 'Alex';
      default:
        return String(number);
    }
  });
}
