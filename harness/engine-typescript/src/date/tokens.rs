//! The tokens of a text that may be a date.

/// Digits of a number that count.
const SIGNIFICANT: usize = 9;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Number(i32, usize),
    Symbol(char),
    Word(Word),
    Space,
    Unknown,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Month(i32),
    HalfOfDay(i32),
    Zone(i32),
    Separator,
    /// Of one letter, which is z.
    Zulu,
    Other,
}

impl Word {
    /// Only months may be written out.
    fn new(word: &[char]) -> Self {
        const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
        const ZONES: [(&str, i32); 11] = [
            ("ut", 0),
            ("utc", 0),
            ("gmt", 0),
            ("cdt", -5),
            ("cst", -6),
            ("edt", -4),
            ("est", -5),
            ("mdt", -6),
            ("mst", -7),
            ("pdt", -7),
            ("pst", -8),
        ];
        let prefix: String = word.iter().take(3).map(char::to_ascii_lowercase).collect();
        let month = MONTHS.as_bytes().chunks(3).position(|month| month == prefix.as_bytes());
        match (month, prefix.as_str()) {
            (Some(month), _) => Self::Month(i32::try_from(month).unwrap_or_default() + 1),
            _ if word.len() > 3 => Self::Other,
            (_, "am") => Self::HalfOfDay(0),
            (_, "pm") => Self::HalfOfDay(12),
            (_, "t") => Self::Separator,
            (_, "z") => Self::Zulu,
            (_, prefix) => {
                ZONES.iter().find(|(name, _)| *name == prefix).map_or(Self::Other, |(_, hours)| Self::Zone(*hours))
            }
        }
    }
}

/// The tokens of a text, the next one of which can be looked at.
#[derive(Debug)]
pub(super) struct Tokens {
    letters: Vec<char>,
    place: usize,
    pub(super) next: Token,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { letters: Vec::new(), place: 0, next: Token::End }
    }
}

impl Tokens {
    pub(super) fn new(text: &str) -> Self {
        let mut tokens = Self { letters: text.chars().collect(), ..Self::default() };
        tokens.take();
        tokens
    }

    /// The next token, behind which the reader stands then.
    pub(super) fn take(&mut self) -> Token {
        let next = self.scan();
        std::mem::replace(&mut self.next, next)
    }

    pub(super) fn skip(&mut self, symbol: char) -> bool {
        let is_there = self.next == Token::Symbol(symbol);
        if is_there {
            self.take();
        }
        is_there
    }

    /// A number of so many digits, if it is next.
    pub(super) fn fixed(&self, digits: usize) -> Option<i32> {
        match self.next {
            Token::Number(number, length) if length == digits => Some(number),
            _ => None,
        }
    }

    /// Takes a number of two digits that is not greater than `most`.
    pub(super) fn two_digits(&mut self, least: i32, most: i32) -> Option<i32> {
        let number = self.fixed(2).filter(|number| (least..=most).contains(number))?;
        self.take();
        Some(number)
    }

    fn while_is(&mut self, is: impl Fn(char) -> bool) -> &[char] {
        let start = self.place;
        while self.letters.get(self.place).is_some_and(|letter| is(*letter)) {
            self.place += 1;
        }
        &self.letters[start..self.place]
    }

    fn scan(&mut self) -> Token {
        let Some(&letter) = self.letters.get(self.place) else { return Token::End };
        match letter {
            '0'..='9' => {
                let digits = self.while_is(|letter| letter.is_ascii_digit());
                let significant = digits.iter().skip_while(|digit| **digit == '0').take(SIGNIFICANT);
                let number = significant.filter_map(|digit| digit.to_digit(10)).fold(0, |sum, digit| sum * 10 + digit);
                Token::Number(i32::try_from(number).unwrap_or_default(), digits.len())
            }
            _ if letter >= 'A' && !is_space(letter) => {
                Token::Word(Word::new(self.while_is(|letter| letter >= 'A' && !is_space(letter))))
            }
            '(' => {
                self.skip_parentheses();
                Token::Unknown
            }
            _ => {
                self.place += 1;
                match letter {
                    ':' | '-' | '+' | '.' | ')' => Token::Symbol(letter),
                    _ if is_space(letter) => Token::Space,
                    _ => Token::Unknown,
                }
            }
        }
    }

    fn skip_parentheses(&mut self) {
        let mut open = 0;
        while let Some(&letter) = self.letters.get(self.place).filter(|letter| **letter != '\0') {
            match letter {
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
            self.place += 1;
            if open == 0 {
                break;
            }
        }
    }
}

fn is_space(letter: char) -> bool {
    (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{feff}'
}

/// Milliseconds of the digits behind the point.
pub(super) fn milliseconds(number: i32, length: usize) -> i32 {
    match length {
        1 => number * 100,
        2 => number * 10,
        _ => (3..length.min(SIGNIFICANT)).fold(number, |number, _| number / 10),
    }
}
