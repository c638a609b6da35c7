//! What V8 takes for a date: the format of the standard, and else whatever its older parser makes sense of. QuickJS takes other
//! texts.

use super::tokens::{Token, Tokens, Word, milliseconds};

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parsed {
    /// Milliseconds since 1970.
    pub time: f64,
    /// Whether the text names no zone, so that this is what the clocks of the call's zone show.
    pub is_local: bool,
}

/// The time that a text means, if it is one.
pub(crate) fn parse(text: &str) -> Option<Parsed> {
    Parser { tokens: Tokens::new(text), ..Parser::default() }.parse()
}

#[derive(Debug, Default)]
struct Parser {
    tokens: Tokens,
    /// Year, month and day in any order, as far as there are numbers.
    day: Vec<i32>,
    named_month: Option<i32>,
    is_standard: bool,
    /// Hours, minutes, seconds and milliseconds.
    time: Vec<i32>,
    half_of_day: Option<i32>,
    zone: Zone,
}

#[derive(Debug, Default)]
struct Zone {
    sign: Option<i32>,
    hour: Option<i32>,
    minute: Option<i32>,
}

impl Zone {
    fn set(&mut self, hours: i32) {
        *self = Self { sign: Some(if hours < 0 { -1 } else { 1 }), hour: Some(hours.abs()), minute: Some(0) };
    }

    fn expects(&self, number: i32) -> bool {
        self.hour.is_some() && self.minute.is_none() && number < 60
    }

    fn is_utc(&self) -> bool {
        self.hour == Some(0) && self.minute == Some(0)
    }

    /// Ahead of UTC, counted in 32 bits.
    fn milliseconds(&self) -> Option<f64> {
        let (hour, minute) = (self.hour.unwrap_or(0).cast_unsigned(), self.minute.unwrap_or(0).cast_unsigned());
        let seconds = i32::try_from(hour.wrapping_mul(3600).wrapping_add(minute * 60)).ok()?;
        Some(f64::from(seconds) * 1000.0 * f64::from(self.sign.unwrap_or(1)))
    }
}

impl Parser {
    fn parse(mut self) -> Option<Parsed> {
        let mut token = self.standard()?;
        let mut has_number = !self.day.is_empty();
        while token != Token::End {
            match token {
                Token::Number(number, _) => {
                    has_number = true;
                    self.number(number)?;
                }
                Token::Word(word) => self.word(word, has_number)?,
                Token::Symbol(sign @ ('+' | '-')) if self.zone.is_utc() || !self.time.is_empty() => {
                    has_number = true;
                    self.offset(sign)?;
                }
                Token::Symbol('+' | '-' | ')') if has_number => return None,
                _ => {}
            }
            token = self.tokens.take();
        }
        let days = self.days()?;
        let time = self.time_of_day()?;
        let time = days * 86_400_000.0 + time - self.zone.milliseconds()?;
        (time.abs() <= 8.64e15).then_some(Parsed { time, is_local: self.zone.hour.is_none() })
    }

    /// Reads the format of the standard. Returns the first token that does not belong to it; nothing where the text is no date for
    /// sure.
    fn standard(&mut self) -> Option<Token> {
        let first = self.tokens.next;
        if let Token::Symbol(sign @ ('+' | '-')) = first {
            self.tokens.take();
            let Some(year) = self.tokens.fixed(6) else { return Some(first) };
            self.tokens.take();
            if sign == '-' && year == 0 {
                return Some(first);
            }
            self.day.push(if sign == '-' { -year } else { year });
        } else if let Some(year) = self.tokens.fixed(4) {
            self.tokens.take();
            self.day.push(year);
        } else {
            return Some(self.tokens.take());
        }
        for most in [12, 31] {
            if !self.tokens.skip('-') {
                break;
            }
            let Some(number) = self.tokens.two_digits(1, most) else { return Some(self.tokens.take()) };
            self.day.push(number);
        }
        match self.tokens.next {
            Token::Word(Word::Separator) => {
                self.tokens.take();
                self.standard_time()?;
                if self.tokens.next != Token::End {
                    return None;
                }
            }
            Token::End => {}
            _ => return Some(self.tokens.take()),
        }
        if self.time.is_empty() {
            self.zone.set(0);
        }
        self.is_standard = true;
        Some(Token::End)
    }

    fn standard_time(&mut self) -> Option<()> {
        let hour = self.tokens.two_digits(0, 24)?;
        // The end of a day is the only time with the hour 24.
        let most = if hour == 24 { 0 } else { 59 };
        self.time.push(hour);
        if !self.tokens.skip(':') {
            return None;
        }
        self.time.push(self.tokens.two_digits(0, most)?);
        if self.tokens.skip(':') {
            self.time.push(self.tokens.two_digits(0, most)?);
            if self.tokens.skip('.') {
                let Token::Number(number, length) = self.tokens.take() else { return None };
                if hour == 24 && number > 0 {
                    return None;
                }
                self.time.push(milliseconds(number, length));
            }
        }
        match self.tokens.next {
            Token::Word(Word::Zulu) => {
                self.tokens.take();
                self.zone.set(0);
            }
            Token::Symbol(sign @ ('+' | '-')) => {
                self.tokens.take();
                let (hour, minute) = if let Some(both) = self.tokens.fixed(4) {
                    self.tokens.take();
                    (both / 100, both % 100)
                } else {
                    let hour = self.tokens.two_digits(0, 23)?;
                    let colon = self.tokens.skip(':');
                    (hour, self.tokens.two_digits(0, 59).filter(|_| colon)?)
                };
                if hour > 23 || minute > 59 {
                    return None;
                }
                let sign = if sign == '-' { -1 } else { 1 };
                self.zone = Zone { sign: Some(sign), hour: Some(hour), minute: Some(minute) };
            }
            _ => {}
        }
        Some(())
    }

    fn number(&mut self, number: i32) -> Option<()> {
        if self.tokens.skip(':') {
            if self.tokens.skip(':') {
                if !self.time.is_empty() {
                    return None;
                }
                self.time.extend([number, 0]);
            } else {
                self.add_time(number)?;
                self.tokens.skip('.');
            }
        } else if self.tokens.skip('.') && self.expects_time(number) {
            self.add_time(number)?;
            let Token::Number(number, length) = self.tokens.take() else { return None };
            self.end_time(milliseconds(number, length));
        } else if self.zone.expects(number) {
            self.zone.minute = Some(number);
        } else if self.expects_time(number) {
            self.end_time(number);
            let next = self.tokens.next;
            let may_follow =
                [Token::End, Token::Space, Token::Word(Word::Zulu), Token::Symbol('+'), Token::Symbol('-')];
            if !may_follow.contains(&next) {
                return None;
            }
        } else {
            if self.day.len() == 3 {
                return None;
            }
            self.day.push(number);
            self.tokens.skip('-');
        }
        Some(())
    }

    fn word(&mut self, word: Word, has_number: bool) -> Option<()> {
        match word {
            Word::HalfOfDay(hours) if !self.time.is_empty() => self.half_of_day = Some(hours),
            Word::Month(month) => {
                self.named_month = Some(month);
                self.tokens.skip('-');
            }
            Word::Zone(hours) if has_number => self.zone.set(hours),
            Word::Zulu if has_number => self.zone.set(0),
            // Other words are passed over before the first number, from which something must part them.
            _ if has_number || matches!(self.tokens.next, Token::Number(..)) => return None,
            _ => {}
        }
        Some(())
    }

    fn offset(&mut self, sign: char) -> Option<()> {
        self.zone.sign = Some(if sign == '-' { -1 } else { 1 });
        let (mut number, mut digits) = (0, 0);
        if let Token::Number(next, length) = self.tokens.next {
            self.tokens.take();
            (number, digits) = (next, length);
        }
        let (hour, minute) = match digits {
            _ if self.tokens.next == Token::Symbol(':') => (number, None),
            1 | 2 => (number, Some(0)),
            3 | 4 => (number / 100, Some(number % 100)),
            _ => return None,
        };
        (self.zone.hour, self.zone.minute) = (Some(hour), minute);
        Some(())
    }

    fn expects_time(&self, number: i32) -> bool {
        match self.time.len() {
            1 | 2 => number < 60,
            3 => number < 1000,
            _ => false,
        }
    }

    fn add_time(&mut self, number: i32) -> Option<()> {
        (self.time.len() < 4).then(|| self.time.push(number))
    }

    fn end_time(&mut self, number: i32) {
        self.time.push(number);
        self.time.resize(4, 0);
    }

    /// Days since 1970.
    fn days(&self) -> Option<f64> {
        if self.day.is_empty() {
            return None;
        }
        let is_day = |number: i32| (1..=31).contains(&number);
        let part = |place: usize| self.day.get(place).copied().unwrap_or(1);
        let (mut year, month, day) = match self.named_month {
            None if self.is_standard || !is_day(part(0)) => (part(0), part(1), part(2)),
            None => (part(2), part(0), part(1)),
            Some(month) if !is_day(part(0)) => (part(0), month, part(1)),
            Some(month) => (part(1), month, part(0)),
        };
        if !self.is_standard {
            year += match year {
                0..=49 => 2000,
                50..=99 => 1900,
                _ => 0,
            };
        }
        ((1..=12).contains(&month) && is_day(day)).then(|| days_since_1970(year, month, day))
    }

    fn time_of_day(&self) -> Option<f64> {
        let part = |place: usize| self.time.get(place).copied().unwrap_or(0);
        let (mut hour, minute, second, ms) = (part(0), part(1), part(2), part(3));
        if let Some(hours) = self.half_of_day {
            if hour > 12 {
                return None;
            }
            hour = hour % 12 + hours;
        }
        let is_within = hour < 24 && minute < 60 && second < 60 && ms < 1000;
        let is_end_of_day = hour == 24 && minute == 0 && second == 0 && ms == 0;
        let seconds = f64::from(hour) * 3600.0 + f64::from(minute) * 60.0 + f64::from(second);
        (is_within || is_end_of_day).then(|| seconds * 1000.0 + f64::from(ms))
    }
}

/// Days from 1970-01-01 to a day, which may lie behind the end of its month.
fn days_since_1970(year: i32, month: i32, day: i32) -> f64 {
    // A year that begins with March ends with its leap day.
    let year = i64::from(year) - i64::from(month <= 2);
    let month = i64::from((month + 9) % 12);
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days + (153 * month + 2) / 5 + i64::from(day) - 719_469;
    #[expect(clippy::cast_precision_loss, reason = "the days of a year of nine digits fit a double")]
    let days = days as f64;
    days
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2024-01-15", 1_705_276_800_000.0)]
    #[case("2024-01-15t10:30:00z", 1_705_314_600_000.0)]
    #[case("2024-01-15T10:30:00.1239+0530", 1_705_294_800_123.0)]
    #[case("2024-01-15T24:00:00", 1_705_363_200_000.0)]
    #[case("2024-02-30", 1_709_251_200_000.0)]
    #[case("-000001-01-01T00:00:00Z", -62_198_755_200_000.0)]
    #[case("1/2", 978_393_600_000.0)]
    #[case("15 January 2024 10:00 PM", 1_705_356_000_000.0)]
    #[case("Mon, 15 Jan 2024 10:30:00 GMT-8", 1_705_343_400_000.0)]
    #[case("Tue Mar 01 2022 12:00:00 GMT+0100 (CET)", 1_646_132_400_000.0)]
    #[case("noon 5/6/70 9:08:07.5", 10_832_887_500.0)]
    #[case("2024-06-15\u{202f}10:00", 1_718_445_600_000.0)]
    fn a_date_is_what_node_takes_for_it(#[case] text: &str, #[case] time: f64) {
        assert_eq!(parse(text).map(|parsed| parsed.time), Some(time), "{text}");
    }

    #[rstest]
    #[case("")]
    #[case("noon")]
    #[case("2024-13-01")]
    #[case("2024-01-15T25:00:00Z")]
    #[case("2024-01-15T10:30:00 Z")]
    #[case("32 Jan 2024")]
    #[case("13:00 pm 1/1/2024")]
    #[case("+275760-09-13T00:00:00.001Z")]
    #[case("15/01/2024")]
    #[case("1 2 3 4")]
    fn what_is_no_date_in_node_is_none(#[case] text: &str) {
        assert_eq!(parse(text), None, "{text}");
    }

    #[rstest]
    #[case("2024-01-15", false)]
    #[case("2024-01-15T10:30", true)]
    #[case("2024-01-15T10:30Z", false)]
    #[case("1/15/2024", true)]
    #[case("15 Jan 2024 10:30 UTC", false)]
    fn only_a_date_of_the_standard_is_in_utc_where_no_zone_is_named(#[case] text: &str, #[case] is_local: bool) {
        assert_eq!(parse(text).unwrap().is_local, is_local);
    }
}
