// `Intl` in the locales that handlers use, answering what Node answers; what is not supported says so and is never guessed.
// Evaluated when a handler first writes a number, a date or a list in the manner of a locale.
//
// Its value is a function of the doors to Rust that answers the globals and the methods of numbers, dates and texts.
(doors) => {
  'use strict';

  const data = doors.script('intl_data')();
  const { unsupported } = doors;

  // Some locales have no table of their own.
  const SAME = { en: 'en-US', de: 'de-DE', fr: 'fr-FR' };

  // The name of a locale as it is asked for, and its table.
  function localeOf(locales) {
    const [asked = 'en-US'] = typeof locales === 'string' ? [locales] : Array.isArray(locales) ? locales : [];
    if (typeof asked !== 'string') {
      throw new TypeError('Incorrect locale information provided');
    }
    if (!/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(asked)) {
      throw new RangeError(`Incorrect locale information provided`);
    }
    const [language, ...rest] = asked.split('-');
    const name = [language.toLowerCase(), ...rest.map((part) => (part.length === 2 ? part.toUpperCase() : part))].join('-');
    const table = data.locales[SAME[name] ?? name];
    if (table === undefined) {
      throw unsupported(`the locale ${asked}`);
    }
    return { name, table };
  }

  // An option that may have one of several values.
  function choice(what, options, name, values, fallback) {
    const value = options[name];
    if (value === undefined) {
      return fallback;
    }
    const text = `${value}`;
    if (!values.includes(text)) {
      throw new RangeError(`Value ${text} out of range for ${what} options property ${name}`);
    }
    return text;
  }

  function refuse(options, what, names) {
    for (const name of names) {
      if (options[name] !== undefined) {
        throw unsupported(`the option ${name} of ${what}`);
      }
    }
  }

  function supportedLocalesOf(locales) {
    return [locales].flat().filter((locale) => {
      try {
        return localeOf(locale) !== null;
      } catch {
        return false;
      }
    });
  }

  const tools = { choice, data, doors, localeOf, refuse, supportedLocalesOf, unsupported };
  const { NumberFormat } = doors.script('intl_number')(tools);
  const { DateTimeFormat, dateText } = doors.script('intl_date')(tools);
  const { Collator } = doors.script('intl_collate')(tools);

  const Intl = { NumberFormat, DateTimeFormat, Collator };
  for (const name of ['DisplayNames', 'ListFormat', 'Locale', 'PluralRules', 'RelativeTimeFormat', 'Segmenter']) {
    Intl[name] = function () {
      throw unsupported(`Intl.${name}`);
    };
  }
  for (const name of ['getCanonicalLocales', 'supportedValuesOf']) {
    Intl[name] = () => {
      throw unsupported(`Intl.${name}`);
    };
  }
  for (const name of Object.keys(Intl)) {
    Object.defineProperty(Intl, name, { enumerable: false });
  }
  Object.defineProperty(Intl, Symbol.toStringTag, { value: 'Intl', configurable: true });

  const CASED = /^(?:tr|az|lt)\b/i;
  function caseOf(text, locales, method) {
    if ([locales].flat().some((locale) => CASED.test(locale ?? ''))) {
      throw unsupported(`${method} in ${locales}`);
    }
    return text;
  }

  return {
    Intl,
    numberText: (number, locales, options, what) => new NumberFormat(locales, options, what).format(number),
    dateText,
    compare: (a, b, locales, options) => new Collator(locales, options).compare(a, b),
    caseOf,
  };
};
