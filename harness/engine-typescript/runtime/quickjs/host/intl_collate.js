// The order of texts as the root of all locales has it, for letters of Western Europe: first by letters, then by their marks, then
// by case.
(tools) => {
  'use strict';

  const { choice, data, localeOf, refuse, supportedLocalesOf, unsupported } = tools;

  const WEIGHTS = new Map();
  data.order.forEach((group, weight) => {
    [...group].forEach((letter, place) => WEIGHTS.set(letter, { weight: weight + 1, isUpper: place }));
  });
  const MARKS = new Map([...data.marks].map((mark, place) => [mark, place + 1]));

  // Letters that count as two, the first of which has a mark of its own.
  const PAIRS = { ß: 'ss', ẞ: 'SS' };
  const PAIRED = MARKS.size + 1;

  // A text as its letters, their marks and their cases.
  function keysOf(text, isNumeric) {
    const keys = { letters: [], marks: [], cases: [] };
    const plain = text.normalize('NFD');
    for (let place = 0; place < plain.length; place += 1) {
      const letter = plain[place];
      for (const [number, half] of [...(PAIRS[letter] ?? '')].entries()) {
        const { weight, isUpper } = WEIGHTS.get(half);
        keys.letters.push([weight]);
        keys.marks.push(number === 0 ? [PAIRED] : []);
        keys.cases.push(isUpper);
      }
      const mark = MARKS.get(letter);
      const known = WEIGHTS.get(letter);
      if (mark !== undefined && keys.marks.length > 0) {
        keys.marks[keys.marks.length - 1] = [...keys.marks.at(-1), mark];
      } else if (known !== undefined) {
        const run = isNumeric ? /^\d+/.exec(plain.slice(place)) : null;
        const digits = run === null ? '' : run[0].replace(/^0+(?=\d)/, '');
        // A run of digits stands where the digit 0 stands, and counts as the number that it is.
        keys.letters.push(run === null ? [known.weight] : [WEIGHTS.get('0').weight, digits.length, ...digits]);
        keys.marks.push([]);
        keys.cases.push(known.isUpper);
        place += run === null ? 0 : run[0].length - 1;
      } else if (letter.charCodeAt(0) >= 0x80 && PAIRS[letter] === undefined) {
        throw unsupported(`the order of ${JSON.stringify(letter)}`);
      }
    }
    return keys;
  }

  function order(a, b) {
    const [first, second] = [a.flat(), b.flat()];
    for (let place = 0; place < first.length && place < second.length; place += 1) {
      if (first[place] !== second[place]) {
        return first[place] < second[place] ? -1 : 1;
      }
    }
    return Math.sign(first.length - second.length);
  }

  // Marks of each letter; one without marks comes first.
  function orderOfMarks(a, b) {
    for (let place = 0; place < a.length; place += 1) {
      const found = order(a[place], b[place]);
      if (found !== 0) {
        return found;
      }
    }
    return 0;
  }

  class Collator {
    #options;
    #compare = (a, b) => this.#order(String(a), String(b));

    constructor(locales, given) {
      const { name } = localeOf(locales);
      // The orders of most countries are those of their languages.
      const locale = { 'en-GB': 'en', 'de-DE': 'de', 'fr-FR': 'fr' }[name] ?? name;
      const options = given === undefined ? {} : Object(given);
      refuse(options, 'Intl.Collator', ['collation']);
      const usage = choice('Intl.Collator', options, 'usage', ['sort', 'search'], 'sort');
      const caseFirst = choice('Intl.Collator', options, 'caseFirst', ['upper', 'lower', 'false'], 'false');
      if (usage === 'search' || caseFirst === 'upper' || options.ignorePunctuation) {
        throw unsupported('usage search, caseFirst upper or ignorePunctuation of Intl.Collator');
      }
      this.#options = {
        locale,
        usage,
        sensitivity: choice('Intl.Collator', options, 'sensitivity', ['base', 'accent', 'case', 'variant'], 'variant'),
        ignorePunctuation: false,
        collation: 'default',
        numeric: Boolean(options.numeric),
        caseFirst,
      };
    }

    static supportedLocalesOf = supportedLocalesOf;

    get compare() {
      return this.#compare;
    }

    resolvedOptions() {
      return { ...this.#options };
    }

    #order(a, b) {
      const { numeric, sensitivity } = this.#options;
      const [first, second] = [keysOf(a, numeric), keysOf(b, numeric)];
      const byLetters = order(first.letters, second.letters);
      if (byLetters !== 0) {
        return byLetters;
      }
      const looksAt = (...sensitivities) => sensitivities.includes(sensitivity);
      const byMarks = looksAt('accent', 'variant') ? orderOfMarks(first.marks, second.marks) : 0;
      return byMarks !== 0 || !looksAt('case', 'variant') ? byMarks : order(first.cases, second.cases);
    }
  }

  // Also without `new`.
  const callable = new Proxy(Collator, { apply: (target, _, args) => new target(...args) });
  Collator.prototype.constructor = callable;
  return { Collator: callable };
};
